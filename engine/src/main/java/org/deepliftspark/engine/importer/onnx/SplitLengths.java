package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;

/** How long the parts of a Split are: given, or equal but for a shorter last one. */
final class SplitLengths {
  private SplitLengths() {}

  static int[] of(Call call, int total) {
    long[] given = call.integers("split", 1);
    int parts = call.node().outputs().size();
    if (given == null) {
      return equal(total, (int) call.node().integer("num_outputs", parts), parts);
    }
    if (given.length != parts
        || Arrays.stream(given).anyMatch(length -> length < 0 || length > total)
        || Arrays.stream(given).sum() != total) {
      throw new IllegalArgumentException(
          "cannot split length "
              + total
              + " into "
              + parts
              + " parts of lengths "
              + Arrays.toString(given));
    }
    return Arrays.stream(given).mapToInt(Math::toIntExact).toArray();
  }

  private static int[] equal(int total, int wanted, int parts) {
    if (wanted != parts || parts == 0) {
      throw new IllegalArgumentException(
          "num_outputs is " + wanted + ", but it has " + parts + " outputs");
    }
    int length = (total + parts - 1) / parts;
    int[] lengths = new int[parts];
    Arrays.fill(lengths, length);
    lengths[parts - 1] = total - length * (parts - 1);
    if (lengths[parts - 1] < 0) {
      throw new IllegalArgumentException(
          "cannot split length " + total + " into " + parts + " parts");
    }
    return lengths;
  }
}
