package org.deepliftspark.engine.backend.cpu;

/**
 * What an element-wise operation reads: a number, or a cell that is as long as the result or
 * repeats along it.
 *
 * @param cell null for a number
 * @param number where there is no cell
 */
record TileOperand(Cell cell, float number) {
  static TileOperand of(Cell cell) {
    return new TileOperand(cell, 0);
  }

  static TileOperand of(double number) {
    return new TileOperand(null, (float) number);
  }
}
