package org.deepliftspark.engine.backend.nd4j;

import java.util.Arrays;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Windows over space as strided views, one per tap: the cells that tap {@code k} of every window
 * reads. Arrays are {@code [count, space..., last]} with the padding written out, so that every
 * geometry is the same case.
 */
final class Windows {
  private final int[] in;
  private final int[] out;
  private final int[] kernel;
  private final int[] strides;
  private final int[] padsBegin;
  private final int[] padsEnd;
  private final int[] dilations;

  private Windows(int[] in, int[] out, int[] kernel, ConvGeometry geometry) {
    this.in = in;
    this.out = out;
    this.kernel = kernel;
    this.strides = geometry.strides();
    this.padsBegin = geometry.padsBegin();
    this.padsEnd = geometry.padsEnd();
    this.dilations = geometry.dilations();
  }

  /**
   * @param in space of the convolution's input
   * @param out space of its output
   */
  static Windows of(ConvGeometry geometry, int[] in, int[] out, int[] kernel) {
    return new Windows(in, out, kernel, geometry);
  }

  static Windows of(PoolGeometry geometry, int[] in, int[] out) {
    int[] ones = ConvGeometry.plain(in.length).dilations();
    ConvGeometry windows =
        new ConvGeometry(geometry.strides(), geometry.padsBegin(), geometry.padsEnd(), ones, 1);
    return new Windows(in, out, geometry.kernel(), windows);
  }

  /** Number of taps. */
  int taps() {
    return product(kernel);
  }

  /** Number of windows. */
  int cells() {
    return product(out);
  }

  private static int product(int[] dims) {
    int product = 1;
    for (int dim : dims) {
      product *= dim;
    }
    return product;
  }

  /** A new array {@code [count, padded space..., last]} filled with {@code fill}. */
  INDArray blank(double fill, long count, long last, Scope scope) {
    return scope.filled(fill, paddedDims(count, last));
  }

  /** Copies {@code x [count, space..., last]}, which may be a view, with padding around it. */
  INDArray padded(INDArray x, double fill, Scope scope) {
    INDArray padded = blank(fill, x.size(0), x.size(x.rank() - 1), scope);
    interior(padded).assign(x);
    return padded;
  }

  private long[] paddedDims(long count, long last) {
    long[] dims = new long[in.length + 2];
    dims[0] = count;
    for (int axis = 0; axis < in.length; axis++) {
      dims[axis + 1] = in[axis] + padsBegin[axis] + padsEnd[axis];
    }
    dims[in.length + 1] = last;
    return dims;
  }

  /** The view of a padded array without its padding. */
  INDArray interior(INDArray padded) {
    long[] ones = new long[in.length];
    Arrays.fill(ones, 1);
    return view(padded, longs(padsBegin), ones, in);
  }

  /**
   * The view {@code [count, windows..., last]} of a padded array that tap {@code tap}, counted
   * row-major, reads.
   */
  INDArray tap(INDArray padded, int tap) {
    long[] starts = new long[in.length];
    int rest = tap;
    for (int axis = in.length - 1; axis >= 0; axis--) {
      starts[axis] = (long) rest % kernel[axis] * dilations[axis];
      rest /= kernel[axis];
    }
    return view(padded, starts, longs(strides), out);
  }

  /** Adds to a tap's view. */
  void addToTap(INDArray padded, int tap, INDArray amount, Scope scope) {
    // arithmetic on strided views takes 25 times as long as copying out and back
    INDArray view = tap(padded, tap);
    INDArray sum = scope.copy(view);
    Broadcast.run("add", sum, sum, amount);
    view.assign(sum);
    scope.free(sum);
  }

  private static INDArray view(INDArray padded, long[] starts, long[] steps, int[] lengths) {
    int rank = lengths.length + 2;
    long[] dims = padded.shape().clone(); // ND4J gives its own array
    long[] starting = new long[rank];
    long[] stepping = new long[rank];
    stepping[0] = 1;
    stepping[rank - 1] = 1;
    for (int axis = 0; axis < lengths.length; axis++) {
      starting[axis + 1] = starts[axis];
      stepping[axis + 1] = steps[axis];
      dims[axis + 1] = lengths[axis];
    }
    return view(padded, starting, stepping, dims);
  }

  /**
   * Elements {@code starts[a] + i * steps[a]}, {@code i < dims[a]}, of a whole row-major array,
   * without copying.
   */
  static INDArray view(INDArray whole, long[] starts, long[] steps, long[] dims) {
    long[] strides = new long[dims.length];
    long stride = 1;
    long offset = 0;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      offset += starts[axis] * stride;
      strides[axis] = steps[axis] * stride;
      stride *= whole.size(axis);
    }
    return Nd4j.create(whole.data(), dims, strides, offset, 'c');
  }

  private static long[] longs(int[] values) {
    long[] longs = new long[values.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = values[i];
    }
    return longs;
  }
}
