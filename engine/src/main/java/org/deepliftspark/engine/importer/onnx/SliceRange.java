package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a Slice takes of one axis.
 *
 * @param axis as the file counts it, batch included, not negative
 * @param start may count from the end
 * @param end exclusive; may count from the end or lie beyond it
 * @param step not 0
 */
record SliceRange(int axis, long start, long end, long step) {

  /** The ranges of a Slice node; attributes until opset 9, inputs since. */
  static List<SliceRange> of(Call call, int rank) {
    long[] starts = required(call.integers("starts", 1), "starts");
    OnnxArray ends = call.opset() < 10 || !call.has(2) ? null : call.constant(2, "ends");
    long[] plainEnds = ends == null ? required(call.integers("ends", 2), "ends") : endsOf(ends);
    long[] axes = call.integers("axes", 3);
    long[] steps = call.opset() < 10 ? null : call.integers("steps", 4);
    if (plainEnds.length != starts.length
        || axes != null && axes.length != starts.length
        || steps != null && steps.length != starts.length
        || axes == null && starts.length > rank) {
      throw new IllegalArgumentException("starts, ends, axes and steps differ in length");
    }
    List<SliceRange> ranges = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int axis = axes == null ? i : Call.axis(axes[i], rank);
      ranges.add(new SliceRange(axis, starts[i], plainEnds[i], steps == null ? 1 : steps[i]));
    }
    return ranges;
  }

  /** An end at the batch size takes the whole batch, as an end beyond it does. */
  private static long[] endsOf(OnnxArray ends) {
    long[] result = new long[ends.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = ends.power(i) == 1 && ends.integer(i) == 1 ? Long.MAX_VALUE : ends.integer(i);
    }
    return result;
  }

  private static long[] required(long[] values, String what) {
    if (values == null) {
      throw new IllegalArgumentException("it has no " + what);
    }
    return values;
  }

  /** Whether it takes everything, however long the axis is. */
  boolean isWhole() {
    return start == 0 && step == 1 && end >= Integer.MAX_VALUE;
  }

  /** First position taken of an axis of length {@code dim}. */
  int first(int dim) {
    return (int) clamp(start, dim, 0, step > 0 ? dim : dim - 1);
  }

  /** Number of positions taken of an axis of length {@code dim}. */
  int count(int dim) {
    if (step == 0) {
      throw new IllegalArgumentException("step of axis " + axis + " is 0");
    }
    if (dim == 0) {
      return 0;
    }
    long from = first(dim);
    long to = step > 0 ? clamp(end, dim, 0, dim) : clamp(end, dim, -1, dim - 1);
    long span = step > 0 ? to - from : from - to;
    long stride = Math.abs(Math.max(step, -Integer.MAX_VALUE));
    return span <= 0 ? 0 : (int) ((span - 1) / stride + 1);
  }

  private static long clamp(long position, int dim, long low, long high) {
    long absolute = position < 0 ? Math.max(position, -Integer.MAX_VALUE - 1L) + dim : position;
    return Math.max(low, Math.min(high, absolute));
  }

  @Override
  public String toString() {
    return Arrays.toString(new long[] {axis, start, end, step});
  }
}
