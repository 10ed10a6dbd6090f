package org.deepliftspark.engine.change;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Shape;

/**
 * An array seen along one of its axes: {@code [outer, length, inner]}.
 *
 * @param outer numbers of the axes before
 * @param length positions
 * @param inner numbers of the axes behind
 */
record Strip(int outer, int length, int inner) {

  static Strip of(Shape shape, int axis) {
    int outer = 1;
    int inner = 1;
    for (int a = 0; a < shape.rank(); a++) {
      outer *= a < axis ? shape.dim(a) : 1;
      inner *= a > axis ? shape.dim(a) : 1;
    }
    return new Strip(outer, shape.dim(axis), inner);
  }

  int size() {
    return outer * length * inner;
  }

  /** The same for a window. */
  Strip of(int width) {
    return new Strip(outer, width, inner);
  }

  /**
   * Copies the positions from {@code first} on; those outside become {@code fill}.
   *
   * @param to an array of windows of so many positions
   * @param at which of them
   */
  void cut(float[] from, int first, float fill, float[] to, int width, int at) {
    int begin = Math.min(width, Math.max(0, -first));
    int end = Math.max(begin, Math.min(width, length - first));
    for (int o = 0; o < outer; o++) {
      int target = (at * outer + o) * width * inner;
      if (begin > 0) {
        Arrays.fill(to, target, target + begin * inner, fill);
      }
      if (end > begin) {
        System.arraycopy(
            from,
            (o * length + first + begin) * inner,
            to,
            target + begin * inner,
            (end - begin) * inner);
      }
      if (end < width) {
        Arrays.fill(to, target + end * inner, target + width * inner, fill);
      }
    }
  }

  /**
   * Copies what two windows of this array have in common from one to the other.
   *
   * @param from windows of {@code span} positions; the one called {@code which} lies at {@code
   *     start}
   * @param to windows of {@code width} positions; the one called {@code at} lies at {@code first}
   */
  void paste(
      float[] from, int span, int start, int which, float[] to, int width, int first, int at) {
    int begin = Math.max(start, first);
    int end = Math.min(start + span, first + width);
    if (begin >= end) {
      return;
    }
    for (int o = 0; o < outer; o++) {
      System.arraycopy(
          from,
          ((which * outer + o) * span + begin - start) * inner,
          to,
          ((at * outer + o) * width + begin - first) * inner,
          (end - begin) * inner);
    }
  }
}
