package org.deepliftspark.engine.backend;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Instruction;

/**
 * What the instructions with windows mean: for every output cell, the taps that fall inside the
 * input, in row-major order.
 */
final class OracleWindows {
  private OracleWindows() {}

  static double[] apply(Instruction instruction, List<double[]> operands) {
    double[] first = operands.get(0);
    if (instruction instanceof Instruction.Conv conv) {
      return conv(conv, first);
    } else if (instruction instanceof Instruction.ConvTranspose adjoint) {
      return convTranspose(adjoint, first);
    } else if (instruction instanceof Instruction.MaxPool pool) {
      return maxSelect(first, first, pool.x().shape(), pool.out().shape(), pool.geometry());
    } else if (instruction instanceof Instruction.MaxSelect select) {
      return maxSelect(
          first,
          operands.get(1),
          select.selector().shape(),
          select.out().shape(),
          select.geometry());
    } else if (instruction instanceof Instruction.MaxUnpool unpool) {
      return maxUnpool(unpool, first, operands.get(1));
    } else if (instruction instanceof Instruction.AveragePool pool) {
      return averagePool(pool, first);
    } else if (instruction instanceof Instruction.AverageUnpool unpool) {
      return averageUnpool(unpool, first);
    }
    throw new IllegalStateException(
        "The oracle does not know " + instruction.getClass().getSimpleName());
  }

  private interface Tap {
    void at(int output, int tap, int input);
  }

  /**
   * Visits (output cell, tap, input cell) for taps inside the input; all three are row-major
   * positions in space, without channel.
   */
  private static void taps(
      int[] out, int[] kernel, int[] in, int[] strides, int[] pads, int[] dilations, Tap visitor) {
    for (int cell = 0; cell < Shape.of(out).size(); cell++) {
      int[] at = index(cell, out);
      for (int tap = 0; tap < Shape.of(kernel).size(); tap++) {
        int[] offset = index(tap, kernel);
        int[] source = new int[in.length];
        boolean inside = true;
        for (int axis = 0; axis < in.length; axis++) {
          source[axis] = at[axis] * strides[axis] - pads[axis] + offset[axis] * dilations[axis];
          inside &= source[axis] >= 0 && source[axis] < in[axis];
        }
        if (inside) {
          visitor.at(cell, tap, position(source, in));
        }
      }
    }
  }

  private static double[] conv(Instruction.Conv conv, double[] x) {
    Shape to = conv.out().shape();
    double[] out = new double[to.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = OracleKernels.bias(conv.bias(), i / (to.size() / to.dim(0)));
    }
    weights(
        conv.x().shape(),
        to,
        conv.weight(),
        conv.geometry(),
        (output, weight, input) -> out[output] += weight * x[input]);
    return out;
  }

  private static double[] convTranspose(Instruction.ConvTranspose adjoint, double[] m) {
    Shape to = adjoint.out().shape();
    double[] out = new double[to.size()];
    weights(
        to,
        adjoint.m().shape(),
        adjoint.weight(),
        adjoint.geometry(),
        (output, weight, input) -> out[input] += weight * m[output]);
    return out;
  }

  private interface Weighted {
    void at(int output, double weight, int input);
  }

  /**
   * Visits every product of a convolution from {@code in} to {@code out}; positions count the
   * channels.
   */
  private static void weights(
      Shape in, Shape out, Tensor weight, ConvGeometry geometry, Weighted visitor) {
    int[] kernel = space(weight.shape(), 2);
    int taps = Shape.of(kernel).size();
    int perGroupIn = weight.shape().dim(1);
    int perGroupOut = out.dim(0) / geometry.groups();
    int inCells = in.size() / in.dim(0);
    int outCells = out.size() / out.dim(0);
    taps(
        space(out, 1),
        kernel,
        space(in, 1),
        geometry.strides(),
        geometry.padsBegin(),
        geometry.dilations(),
        (output, tap, input) -> {
          for (int o = 0; o < out.dim(0); o++) {
            for (int i = 0; i < perGroupIn; i++) {
              int channel = o / perGroupOut * perGroupIn + i;
              double w = weight.data()[(o * perGroupIn + i) * taps + tap];
              visitor.at(o * outCells + output, w, channel * inCells + input);
            }
          }
        });
  }

  /**
   * Per output cell, the position of the first maximum of its window; -1 if the window holds
   * padding only.
   */
  private static int[] firstMaxima(double[] selector, Shape in, Shape out, PoolGeometry geometry) {
    int inCells = in.size() / in.dim(0);
    int outCells = out.size() / out.dim(0);
    int[] winners = new int[out.size()];
    Arrays.fill(winners, -1);
    pooled(
        in,
        out,
        geometry,
        (output, tap, input) -> {
          for (int channel = 0; channel < in.dim(0); channel++) {
            int window = channel * outCells + output;
            int cell = channel * inCells + input;
            if (winners[window] < 0 || selector[cell] > selector[winners[window]]) {
              winners[window] = cell;
            }
          }
        });
    return winners;
  }

  private static double[] maxSelect(
      double[] selector, double[] source, Shape in, Shape out, PoolGeometry geometry) {
    return Arrays.stream(firstMaxima(selector, in, out, geometry))
        .mapToDouble(winner -> source[winner])
        .toArray();
  }

  private static double[] maxUnpool(
      Instruction.MaxUnpool unpool, double[] selector, double[] amount) {
    int[] winners =
        firstMaxima(
            selector, unpool.selector().shape(), unpool.amount().shape(), unpool.geometry());
    double[] out = new double[unpool.out().shape().size()];
    for (int window = 0; window < winners.length; window++) {
      out[winners[window]] += amount[window];
    }
    return out;
  }

  private static double[] averagePool(Instruction.AveragePool pool, double[] x) {
    Shape in = pool.x().shape();
    Shape out = pool.out().shape();
    int[] counts = counts(in, out, pool.geometry(), pool.countPadding());
    double[] result = new double[out.size()];
    pooled(
        in,
        out,
        pool.geometry(),
        (output, tap, input) -> {
          for (int channel = 0; channel < in.dim(0); channel++) {
            result[channel * counts.length + output] +=
                x[channel * (in.size() / in.dim(0)) + input] / counts[output];
          }
        });
    return result;
  }

  private static double[] averageUnpool(Instruction.AverageUnpool unpool, double[] m) {
    Shape in = unpool.out().shape();
    Shape out = unpool.m().shape();
    int[] counts = counts(in, out, unpool.geometry(), unpool.countPadding());
    double[] result = new double[in.size()];
    pooled(
        in,
        out,
        unpool.geometry(),
        (output, tap, input) -> {
          for (int channel = 0; channel < in.dim(0); channel++) {
            result[channel * (in.size() / in.dim(0)) + input] +=
                m[channel * counts.length + output] / counts[output];
          }
        });
    return result;
  }

  /** Divisor of every window of an average. */
  private static int[] counts(Shape in, Shape out, PoolGeometry geometry, boolean countPadding) {
    int[] counts = new int[out.size() / out.dim(0)];
    if (countPadding) {
      Arrays.fill(counts, Shape.of(geometry.kernel()).size());
    } else {
      pooled(in, out, geometry, (output, tap, input) -> counts[output]++);
    }
    return counts;
  }

  private static void pooled(Shape in, Shape out, PoolGeometry geometry, Tap visitor) {
    int[] dilations = new int[geometry.spatialAxes()];
    Arrays.fill(dilations, 1);
    taps(
        space(out, 1),
        geometry.kernel(),
        space(in, 1),
        geometry.strides(),
        geometry.padsBegin(),
        dilations,
        visitor);
  }

  private static int[] space(Shape shape, int from) {
    return Arrays.copyOfRange(shape.dims(), from, shape.rank());
  }

  /** Index along every axis of a row-major position. */
  static int[] index(int position, int[] dims) {
    int[] index = new int[dims.length];
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      index[axis] = position % dims[axis];
      position /= dims[axis];
    }
    return index;
  }

  /** Row-major position of an index. */
  static int position(int[] index, int[] dims) {
    int position = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      position = position * dims[axis] + index[axis];
    }
    return position;
  }
}
