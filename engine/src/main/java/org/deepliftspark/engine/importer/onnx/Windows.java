package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Shape;

/**
 * How the windows of a convolution or a pool lie along each spatial axis, with {@code auto_pad} and
 * {@code ceil_mode} resolved.
 *
 * @param excess how many cells of {@code padsEnd} only {@code ceil_mode} asks for: those count in
 *     no average
 */
record Windows(
    int[] kernel, int[] strides, int[] dilations, int[] padsBegin, int[] padsEnd, int[] excess) {
  /**
   * Far above any real layer, and low enough for sums and products of two to be exact in a long.
   */
  private static final long LARGEST = 1 << 24;

  /**
   * @param in the input's shape, channels first
   * @param kernel length per spatial axis
   */
  static Windows of(OnnxNode node, Shape in, int[] kernel) {
    int axes = kernel.length;
    if (in.rank() != axes + 1) {
      throw new IllegalArgumentException(
          "a kernel over "
              + axes
              + " axes "
              + Arrays.toString(kernel)
              + " does not fit input "
              + in);
    }
    int[] strides = numbers(node, "strides", axes, 1, 1);
    int[] dilations = numbers(node, "dilations", axes, 1, 1);
    int[] pads = numbers(node, "pads", 2 * axes, 0, 0);
    int[] begin = Arrays.copyOf(pads, axes);
    int[] end = Arrays.copyOfRange(pads, axes, 2 * axes);
    int[] excess = new int[axes];
    String autoPad = node.text("auto_pad", "NOTSET");
    boolean ceil = node.flag("ceil_mode", false);
    for (int axis = 0; axis < axes; axis++) {
      long span = (long) dilations[axis] * (kernel[axis] - 1) + 1;
      if (span > LARGEST) {
        throw new IllegalArgumentException(
            "a kernel that spans " + span + " cells does not fit input " + in);
      }
      int length = in.dim(axis + 1);
      switch (autoPad) {
        case "NOTSET", "" ->
            excess[axis] =
                ceil
                    ? excess(
                        length + begin[axis] + end[axis], begin[axis] + length, span, strides[axis])
                    : 0;
        case "VALID" -> {
          begin[axis] = 0;
          end[axis] = 0;
        }
        case "SAME_UPPER", "SAME_LOWER" -> {
          int total =
              (int)
                  Math.max(
                      0, (long) ((length - 1) / strides[axis]) * strides[axis] + span - length);
          begin[axis] = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
          end[axis] = total - begin[axis];
        }
        default -> throw new IllegalArgumentException("auto_pad '" + autoPad + "' is unknown");
      }
      end[axis] += excess[axis];
    }
    return new Windows(kernel, strides, dilations, begin, end, excess);
  }

  /**
   * Cells to add at the end so that a last window that is only partly inside counts, unless it
   * starts behind the input.
   */
  private static int excess(long padded, long lastStart, long span, int stride) {
    if (padded < span) {
      return 0;
    }
    long count = (padded - span + stride - 1) / stride + 1;
    if ((count - 1) * stride >= lastStart) {
      count--;
    }
    return (int) Math.max(0, (count - 1) * stride + span - padded);
  }

  /** Numbers of an attribute, one per axis (or two for pads). */
  static int[] numbers(OnnxNode node, String key, int count, int fallback, int least) {
    long[] given = node.integers(key);
    int[] result = new int[count];
    if (given == null) {
      Arrays.fill(result, fallback);
      return result;
    }
    if (given.length != count
        || Arrays.stream(given).anyMatch(value -> value < least || value > LARGEST)) {
      throw new IllegalArgumentException(
          key
              + " must be "
              + count
              + " numbers of at least "
              + least
              + ", found "
              + Arrays.toString(given));
    }
    return Arrays.stream(given).mapToInt(Math::toIntExact).toArray();
  }

  boolean hasExcess() {
    return Arrays.stream(excess).anyMatch(cells -> cells > 0);
  }

  boolean isDilated() {
    return Arrays.stream(dilations).anyMatch(dilation -> dilation != 1);
  }
}
