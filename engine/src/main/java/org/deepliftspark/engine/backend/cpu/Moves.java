package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;

/** Lowers instructions that only move numbers; some move none at all. */
final class Moves {
  private Moves() {}

  static Cell lower(Lowering lowering, Instruction instruction) {
    if (instruction instanceof Instruction.Reshape i) {
      Cell x = lowering.of(i.x());
      return x.view(0, x.size(), x.layout());
    } else if (instruction instanceof Instruction.Expand i) {
      Layout layout = lowering.choice().preferred(i.out().shape());
      return expand(lowering, i.x(), i.out().shape(), layout);
    } else if (instruction instanceof Instruction.Transpose i) {
      return transpose(lowering, i);
    } else if (instruction instanceof Instruction.Slice i) {
      return slice(lowering, i);
    } else if (instruction instanceof Instruction.Unslice i) {
      return scatter(lowering, i.m(), i.out(), i.starts(), i.steps(), 0);
    } else if (instruction instanceof Instruction.Pad i) {
      int[] ones = new int[i.begin().length];
      Arrays.fill(ones, 1);
      return scatter(lowering, i.x(), i.out(), i.begin(), ones, i.value());
    } else if (instruction instanceof Instruction.Concat i) {
      return concat(lowering, i);
    }
    throw new IllegalStateException(
        "Backend 'cpu' does not know " + instruction.getClass().getSimpleName());
  }

  /** Repeats a value up to a shape, as NumPy broadcasts it. */
  static Cell expand(Lowering lowering, Value value, Shape shape, Layout layout) {
    Layout fitting = layout.strides(shape) == null ? Layout.ROW_MAJOR : layout;
    int[] from = new int[shape.rank()];
    Cell x = value.shape().rank() == 0 ? lowering.of(value) : lowering.addressable(value);
    if (value.shape().rank() > 0) {
      int[] strides = x.layout().strides(value.shape());
      for (int axis = 0; axis < from.length; axis++) {
        from[axis] = value.shape().dim(axis) == 1 ? 0 : strides[axis];
      }
    }
    Cell out = new Cell(shape.size(), x.extent(), fitting);
    copy(lowering, out, 0, part(x, shape.dims(), from, fitting.strides(shape), 0, 0));
    if (fitting.equals(layout)) {
      return out;
    }
    Cell moved = new Cell(shape.size(), x.extent(), layout);
    int[] dims = {layout.channels(), layout.space()};
    copy(
        lowering,
        moved,
        0,
        part(out, dims, new int[] {layout.space(), 1}, new int[] {1, layout.channels()}, 0, 0));
    return moved;
  }

  private static Cell transpose(Lowering lowering, Instruction.Transpose instruction) {
    Cell x = lowering.addressable(instruction.x());
    Shape shape = instruction.out().shape();
    int[] strides = x.layout().strides(instruction.x().shape());
    int[] from = new int[strides.length];
    for (int axis = 0; axis < from.length; axis++) {
      from[axis] = strides[instruction.permutation()[axis]];
    }
    for (Layout layout : List.of(Layout.ROW_MAJOR, Layout.channelsLast(shape))) {
      if (sameOrder(shape, from, layout.strides(shape))) {
        return x.view(0, x.size(), layout);
      }
    }
    Cell out = lowering.newCell(instruction.out(), lowering.choice().preferred(shape));
    int[] to = out.layout().strides(shape);
    return copy(lowering, out, 0, part(x, shape.dims(), from, to, 0, 0));
  }

  /** Axes of length 1 may lie anywhere. */
  private static boolean sameOrder(Shape shape, int[] a, int[] b) {
    for (int axis = 0; axis < a.length; axis++) {
      if (shape.dim(axis) > 1 && a[axis] != b[axis]) {
        return false;
      }
    }
    return true;
  }

  private static Cell slice(Lowering lowering, Instruction.Slice instruction) {
    Cell x = lowering.addressable(instruction.x());
    Shape shape = instruction.out().shape();
    int[] strides = x.layout().strides(instruction.x().shape());
    int[] from = new int[strides.length];
    int start = 0;
    for (int axis = 0; axis < from.length; axis++) {
      from[axis] = strides[axis] * instruction.steps()[axis];
      start += strides[axis] * instruction.starts()[axis];
    }
    Layout layout = x.layout().isRowMajor() ? Layout.ROW_MAJOR : Layout.channelsLast(shape);
    if (sameOrder(shape, from, layout.strides(shape))) {
      return x.view(start, shape.size(), layout);
    }
    Cell out = lowering.newCell(instruction.out(), layout);
    return copy(lowering, out, 0, part(x, shape.dims(), from, layout.strides(shape), start, 0));
  }

  /** Copies a value into a larger one. */
  private static Cell scatter(
      Lowering lowering, Value value, Value result, int[] starts, int[] steps, float fill) {
    Cell x = lowering.addressable(value);
    Shape shape = result.shape();
    Layout layout = x.layout().isRowMajor() ? Layout.ROW_MAJOR : Layout.channelsLast(shape);
    Cell out = lowering.newCell(result, layout);
    int[] strides = layout.strides(shape);
    int[] to = new int[strides.length];
    int start = 0;
    for (int axis = 0; axis < to.length; axis++) {
      to[axis] = strides[axis] * steps[axis];
      start += strides[axis] * starts[axis];
    }
    int[] from = x.layout().strides(value.shape());
    return copy(lowering, out, fill, part(x, value.shape().dims(), from, to, 0, start));
  }

  private static Cell concat(Lowering lowering, Instruction.Concat instruction) {
    Shape shape = instruction.out().shape();
    int axis = instruction.axis() < 0 ? instruction.axis() + shape.rank() : instruction.axis();
    List<Cell> cells = new ArrayList<>();
    boolean channelsLast = false;
    for (Value operand : instruction.operands()) {
      cells.add(lowering.addressable(operand));
      channelsLast |= !cells.get(cells.size() - 1).layout().isRowMajor();
    }
    Layout layout = channelsLast ? Layout.channelsLast(shape) : Layout.ROW_MAJOR;
    Cell out = lowering.newCell(instruction.out(), layout);
    int[] to = layout.strides(shape);
    List<StridedCopy.Part> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < cells.size(); i++) {
      Shape from = instruction.operands().get(i).shape();
      int[] strides = cells.get(i).layout().strides(from);
      parts.add(part(cells.get(i), from.dims(), strides, to, 0, start * to[axis]));
      start += from.dim(axis);
    }
    return lowering.add(Step.of(cells, out, new StridedCopy(out, 0, parts)));
  }

  private static StridedCopy.Part part(
      Cell x, int[] dims, int[] from, int[] to, int fromStart, int toStart) {
    return new StridedCopy.Part(x, dims, from, to, fromStart, toStart);
  }

  private static Cell copy(Lowering lowering, Cell out, float fill, StridedCopy.Part part) {
    return lowering.add(Step.of(List.of(part.x()), out, new StridedCopy(out, fill, List.of(part))));
  }
}
