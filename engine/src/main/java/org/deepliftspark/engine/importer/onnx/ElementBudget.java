package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;

/**
 * Bounds how much constant folding may compute: a file of a hundred bytes can ask for an array of
 * many gigabytes. What folds from the weights of an honest model (transposed, scaled, normalised)
 * is a small multiple of them.
 */
final class ElementBudget {
  private static final long FLOOR = 1 << 24;
  private static final long PER_STORED_ELEMENT = 8;

  private long left = FLOOR;

  /** Notes that the file holds so many elements, which entitles it to results of their order. */
  void grow(int storedElements) {
    left += PER_STORED_ELEMENT * storedElements;
  }

  /**
   * Takes the elements of one more array.
   *
   * @return their number
   */
  int claim(int... dims) {
    long size = 1;
    for (int dim : dims) {
      size *= dim;
      if (dim < 0 || size > left || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a constant of shape " + Arrays.toString(dims) + " is too large for this file");
      }
    }
    left -= size;
    return (int) size;
  }
}
