package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** NumPy's broadcasting of dimensions. */
final class Broadcast {
  private Broadcast() {}

  static int[] dims(int[] a, int[] b) {
    int[] result = new int[Math.max(a.length, b.length)];
    for (int back = 1; back <= result.length; back++) {
      int left = back <= a.length ? a[a.length - back] : 1;
      int right = back <= b.length ? b[b.length - back] : 1;
      if (left != right && left != 1 && right != 1) {
        throw new IllegalArgumentException(
            "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
      }
      result[result.length - back] = left == 1 ? right : left;
    }
    return result;
  }

  /**
   * Position in an array of dimensions {@code from} that element {@code i} of its broadcast to
   * {@code to} comes from.
   */
  static IntUnaryOperator source(int[] from, int[] to) {
    if (Arrays.equals(from, to)) {
      return IntUnaryOperator.identity();
    }
    int[] strides = new int[to.length];
    int stride = 1;
    for (int back = 1; back <= from.length; back++) {
      int dim = from[from.length - back];
      strides[to.length - back] = dim == 1 ? 0 : stride;
      stride *= dim;
    }
    return strided(to, strides, 0);
  }

  /** Position {@code offset + sum of index[a] * strides[a]} of row-major element {@code i}. */
  static IntUnaryOperator strided(int[] dims, int[] strides, int offset) {
    return i -> {
      int rest = i;
      int position = offset;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        position += rest % dims[axis] * strides[axis];
        rest /= dims[axis];
      }
      return position;
    };
  }

  static int[] strides(int[] dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dims[axis];
    }
    return strides;
  }
}
