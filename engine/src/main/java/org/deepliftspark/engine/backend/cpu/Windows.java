package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;

/**
 * Where the windows of a convolution or pool lie, with three axes of space whatever it has: missing
 * ones have length 1 and come first. Positions are row-major in space.
 */
final class Windows {
  /** Axes of space that fit. */
  private static final int AXES = 3;

  final int[] in;
  final int[] out;
  final int[] kernel;
  private final int[] strides;
  private final int[] pads;
  private final int[] dilations;

  private Windows(Shape in, Shape out, int[] kernel, int[] strides, int[] pads, int[] dilations) {
    this.in = lifted(Arrays.copyOfRange(in.dims(), 1, in.rank()), 1);
    this.out = lifted(Arrays.copyOfRange(out.dims(), 1, out.rank()), 1);
    this.kernel = lifted(kernel, 1);
    this.strides = lifted(strides, 1);
    this.pads = lifted(pads, 0);
    this.dilations = lifted(dilations, 1);
  }

  /**
   * @param in shape of a convolution's input, {@code [channels, space...]}
   * @param out shape of its output
   * @param weight {@code [out, in / groups, kernel...]}
   */
  static Windows of(Shape in, Shape out, Shape weight, ConvGeometry geometry) {
    return new Windows(
        in,
        out,
        Arrays.copyOfRange(weight.dims(), 2, weight.rank()),
        geometry.strides(),
        geometry.padsBegin(),
        geometry.dilations());
  }

  static Windows of(Shape in, Shape out, PoolGeometry geometry) {
    int[] ones = new int[geometry.spatialAxes()];
    Arrays.fill(ones, 1);
    return new Windows(in, out, geometry.kernel(), geometry.strides(), geometry.padsBegin(), ones);
  }

  private static int[] lifted(int[] numbers, int missing) {
    if (numbers.length > AXES) {
      throw new InvalidInputException(
          "Cannot compute windows over "
              + numbers.length
              + " axes on backend 'cpu': expected at most "
              + AXES
              + ". Use --backend nd4j");
    }
    int[] lifted = new int[AXES];
    Arrays.fill(lifted, missing);
    System.arraycopy(numbers, 0, lifted, AXES - numbers.length, numbers.length);
    return lifted;
  }

  int inCells() {
    return in[0] * in[1] * in[2];
  }

  int outCells() {
    return out[0] * out[1] * out[2];
  }

  int taps() {
    return kernel[0] * kernel[1] * kernel[2];
  }

  /** True if only the last axis is longer than 1. */
  boolean isLine() {
    boolean single = inCells() == in[2] && outCells() == out[2] && taps() == kernel[2];
    return single && at(0, 0, 0) == 0 && at(1, 0, 0) == 0;
  }

  int stride(int axis) {
    return strides[axis];
  }

  int pad(int axis) {
    return pads[axis];
  }

  int dilation(int axis) {
    return dilations[axis];
  }

  /** Position along an axis that a tap of an output position reads; may lie outside. */
  int at(int axis, int output, int tap) {
    return output * strides[axis] - pads[axis] + tap * dilations[axis];
  }

  /** Per tap of an output cell, the cell that it reads, or -1 outside. */
  void cells(int output, int[] cells) {
    int x = output % out[2];
    int y = output / out[2] % out[1];
    int z = output / out[2] / out[1];
    int tap = 0;
    for (int k = 0; k < kernel[0]; k++) {
      int depth = at(0, z, k);
      for (int j = 0; j < kernel[1]; j++) {
        int line = at(1, y, j);
        boolean inside = depth >= 0 && depth < in[0] && line >= 0 && line < in[1];
        for (int i = 0; i < kernel[2]; i++) {
          int column = at(2, x, i);
          cells[tap++] =
              inside && column >= 0 && column < in[2]
                  ? (depth * in[1] + line) * in[2] + column
                  : -1;
        }
      }
    }
  }

  /** Per output cell, the input cells of its window, in order. */
  int[][] members() {
    int[][] members = new int[outCells()][];
    int[] cells = new int[taps()];
    for (int output = 0; output < members.length; output++) {
      cells(output, cells);
      members[output] = Arrays.stream(cells).filter(cell -> cell >= 0).toArray();
    }
    return members;
  }
}
