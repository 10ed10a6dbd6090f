package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/** Lowers element-wise instructions: brings operands into one layout and broadcasts them. */
final class Elementwise {
  private Elementwise() {}

  static Cell lower(Lowering lowering, Object code, List<Value> operands, Value value) {
    Layout layout = layout(lowering, operands, value.shape());
    Cell out = lowering.newCell(value, layout);
    List<TileOperand> cells = new ArrayList<>();
    int period = 1;
    for (Value operand : operands) {
      TileOperand cell = operand(lowering, operand, value, layout, period);
      if (cell.cell() != null && cell.cell().size() < out.size()) {
        period = Math.max(period, cell.cell().size());
      }
      cells.add(cell);
    }
    return lowering.add(Step.of(TileOperation.of(code, cells, out)));
  }

  /** Whether an instruction is the maximum of the positive parts of two values. */
  static boolean isMaximumOfPositiveParts(Lowering lowering, Instruction.Binary instruction) {
    return instruction.op() == BinaryOp.MAXIMUM
        && lowering.definition(instruction.a()) instanceof Instruction.Unary a
        && lowering.definition(instruction.b()) instanceof Instruction.Unary b
        && a.op() == UnaryOp.RELU
        && b.op() == UnaryOp.RELU
        && a.x().shape().equals(b.x().shape());
  }

  /** It is the positive part of their maximum: so the positive parts need not be kept for it. */
  static Cell maximumOfPositiveParts(Lowering lowering, Instruction.Binary instruction) {
    Instruction.Unary a = (Instruction.Unary) lowering.definition(instruction.a());
    Instruction.Unary b = (Instruction.Unary) lowering.definition(instruction.b());
    return lower(lowering, TileCode.POSITIVE_MAXIMUM, List.of(a.x(), b.x()), instruction.out());
  }

  /**
   * That of the operands that are as large as the result: planes of windows before channels last,
   * and that before others.
   */
  private static Layout layout(Lowering lowering, List<Value> operands, Shape shape) {
    Layout found = null;
    for (Value operand : operands) {
      if (lowering.number(operand) == null && operand.shape().size() == shape.size()) {
        Layout layout = lowering.of(operand).layout();
        boolean better = found == null || found.isRowMajor() || layout.isTiled();
        found = better ? layout : found;
      }
    }
    return found == null ? lowering.choice().preferred(shape) : found;
  }

  private static TileOperand operand(
      Lowering lowering, Value operand, Value value, Layout layout, int period) {
    Double number = lowering.number(operand);
    if (number != null) {
      return TileOperand.of(number);
    }
    int size = operand.shape().size();
    if (size == value.shape().size()) {
      return TileOperand.of(lowering.as(operand, layout));
    }
    boolean fits = size == 1 || size <= Tiles.SIZE && (period == 1 || period == size);
    if (fits && repeats(operand.shape(), value.shape(), layout)) {
      return TileOperand.of(lowering.as(operand, Layout.ROW_MAJOR));
    }
    return TileOperand.of(Moves.expand(lowering, operand, value.shape(), layout));
  }

  /** True if the stored result runs through the operand again and again. */
  private static boolean repeats(Shape operand, Shape shape, Layout layout) {
    if (operand.size() == 1) {
      return true;
    } else if (!layout.isRowMajor()) {
      return operand.dim(0) == layout.channels()
          && shape.dim(0) == layout.channels()
          && operand.size() == layout.channels();
    }
    int axis = 0;
    while (operand.dim(axis) == 1) {
      axis++;
    }
    for (; axis < shape.rank(); axis++) {
      if (operand.dim(axis) != shape.dim(axis)) {
        return false;
      }
    }
    return true;
  }
}
