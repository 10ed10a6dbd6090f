package org.deepliftspark.engine.backend.cpu;

import java.util.List;

/**
 * One element-wise instruction over cells of one layout, or one of {@link PoolCode} over planes of
 * windows.
 *
 * @param code a {@link org.deepliftspark.engine.program.UnaryOp}, a {@link
 *     org.deepliftspark.engine.program.BinaryOp}, a {@link TileCode} or a {@link PoolCode}
 * @param operands in the order of the instruction
 * @param out result
 * @param planes in cells that are stored in planes of windows; 1 if there are none
 * @param plane numbers of a plane, and of cells that have one number per window
 */
record TileOperation(Object code, List<TileOperand> operands, Cell out, int planes, int plane) {
  /** Number by number. */
  static TileOperation of(Object code, List<TileOperand> operands, Cell out) {
    int planes = out.layout().planes();
    return new TileOperation(code, operands, out, planes, out.size() / planes);
  }

  /**
   * @param windows cells of one number per window or per cell of a window
   */
  static TileOperation pool(PoolCode code, List<Cell> windows, Cell out, int planes) {
    int size = Math.max(out.size(), windows.get(0).size());
    List<TileOperand> operands = windows.stream().map(TileOperand::of).toList();
    return new TileOperation(code, operands, out, planes, size / planes);
  }

  boolean isPool() {
    return code instanceof PoolCode;
  }

  /** Whether an operand is shorter than what it is combined with, and repeats along it. */
  boolean repeats(TileOperand operand) {
    return operand.cell() != null && !isPool() && operand.cell().size() < out.size();
  }
}
