package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/** Which layout suits values that come without one. */
final class LayoutChoice {
  private final Set<Layout> spatial = new HashSet<>();
  private final List<List<Instruction>> readers = new ArrayList<>();
  private final Set<Integer> outputs = new HashSet<>();

  LayoutChoice(Program program) {
    for (Instruction instruction : program.instructions()) {
      readers.add(new ArrayList<>());
      instruction.operands().forEach(operand -> readers.get(operand.id()).add(instruction));
      if (isSpatial(instruction)) {
        spatial.add(Layout.channelsLast(instruction.out().shape()));
        instruction
            .operands()
            .forEach(operand -> spatial.add(Layout.channelsLast(operand.shape())));
      }
    }
    program.outputs().forEach(output -> outputs.add(output.value().id()));
  }

  private static boolean isSpatial(Instruction instruction) {
    return instruction instanceof Instruction.Conv
        || instruction instanceof Instruction.ConvTranspose
        || instruction instanceof Instruction.MaxPool
        || instruction instanceof Instruction.MaxSelect
        || instruction instanceof Instruction.MaxUnpool
        || instruction instanceof Instruction.AveragePool
        || instruction instanceof Instruction.AverageUnpool;
  }

  /** The only instruction that reads a value, or null if there are others, or it is given out. */
  Instruction onlyReader(Value value) {
    List<Instruction> all = readers.get(value.id());
    return all.size() == 1 && !outputs.contains(value.id()) ? all.get(0) : null;
  }

  /** Whether a choice between two values is made by a value. */
  boolean isCondition(Value value) {
    return readers.get(value.id()).stream().anyMatch(Instruction.Select.class::isInstance);
  }

  /** Channels last for the shapes that convolutions and pools have. */
  Layout preferred(Shape shape) {
    Layout layout = Layout.channelsLast(shape);
    return spatial.contains(layout) ? layout : Layout.ROW_MAJOR;
  }

  /**
   * The order in which pools want a value, or what is made of it number by number: planes of
   * windows. Null where none does, or readers want several orders.
   */
  Layout ofPools(Value value) {
    Set<Layout> found = new HashSet<>();
    collect(value, found, new HashSet<>());
    Layout layout = found.size() == 1 ? found.iterator().next() : null;
    return layout != null && layout.isTiled() ? layout : null;
  }

  private void collect(Value value, Set<Layout> found, Set<Integer> seen) {
    if (!seen.add(value.id())) {
      return;
    }
    for (Instruction reader : readers.get(value.id())) {
      if (reader instanceof Instruction.ConvTranspose) {
        continue; // reads planes too, or has them put in order once
      } else if (isSpatial(reader)) {
        found.add(wantedBy(reader, value));
      } else if (isElementwise(reader) && reader.out().shape().equals(value.shape())) {
        collect(reader.out(), found, seen);
      }
    }
  }

  private static boolean isElementwise(Instruction instruction) {
    return instruction instanceof Instruction.Unary
        || instruction instanceof Instruction.Binary
        || instruction instanceof Instruction.Select;
  }

  private static Layout wantedBy(Instruction reader, Value value) {
    PoolGeometry geometry = null;
    if (reader instanceof Instruction.MaxPool pool) {
      geometry = pool.geometry();
    } else if (reader instanceof Instruction.MaxSelect select) {
      geometry = select.geometry();
    } else if (reader instanceof Instruction.MaxUnpool unpool && value == unpool.selector()) {
      geometry = unpool.geometry();
    }
    Tiling tiling = geometry == null ? null : Tiling.of(value.shape(), geometry);
    return tiling == null
        ? Layout.channelsLast(value.shape())
        : Layout.tiled(value.shape(), tiling);
  }

  /** The layout that the readers of a vector want, where it is given a shape. */
  Layout wanted(Value vector) {
    for (Instruction reader : readers.get(vector.id())) {
      if (reader instanceof Instruction.Reshape reshape) {
        Layout layout = ofReshaped(reshape.out());
        if (!layout.isRowMajor()) {
          return layout;
        }
      }
    }
    return Layout.ROW_MAJOR;
  }

  private Layout ofReshaped(Value value) {
    List<Instruction> next = readers.get(value.id());
    if (next.stream().anyMatch(Instruction.Transpose.class::isInstance)) {
      return Layout.ROW_MAJOR;
    }
    Layout layout = preferred(value.shape());
    return layout.isRowMajor() ? wanted(value) : layout;
  }
}
