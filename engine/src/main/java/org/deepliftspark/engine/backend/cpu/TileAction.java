package org.deepliftspark.engine.backend.cpu;

/** What is done with the arrays that hold tiles; arrays are numbered. */
sealed interface TileAction {
  /** A tile is read. */
  record Load(int array, Cell cell) implements TileAction {}

  /** A tile is written. */
  record Store(int array, Cell cell) implements TileAction {}

  /**
   * One operation.
   *
   * @param code see {@link TileOperation#code}
   * @param in arrays of the operands
   * @param constants in their place where an operand is a number, otherwise null
   * @param out array of the result
   * @param single whether the result is a single plane
   */
  record Call(Object code, int[] in, float[][] constants, int out, boolean single)
      implements TileAction {}
}
