package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** Channels last for the shapes that convolutions and pools have. */
  Layout preferred(Shape shape) {
    Layout layout = Layout.channelsLast(shape);
    return spatial.contains(layout) ? layout : Layout.ROW_MAJOR;
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
