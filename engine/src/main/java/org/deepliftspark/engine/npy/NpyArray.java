package org.deepliftspark.engine.npy;

import org.deepliftspark.engine.program.Numbers;

/**
 * A whole array, row-major.
 *
 * @param shape dimensions, first axis first; empty for a single number; a dimension may be 0
 * @param numbers double where the file's type does not fit into a float (f8, i4, u4, i8, u8), float
 *     otherwise
 */
public record NpyArray(int[] shape, Numbers numbers) {
  public float[] floats() {
    return numbers.floats();
  }

  public double[] doubles() {
    return numbers.doubles();
  }
}
