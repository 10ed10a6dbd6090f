package org.deepliftspark.engine.backend.nd4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Instruction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels of the instructions with weights: products of matrices, one per tap for convolutions. */
final class Products {
  private Products() {}

  static Kernel dense(Instruction.Dense dense, Scope weights) {
    Shape shape = dense.weight().shape();
    Tensor byInput = dense.transposed() ? dense.weight().permuted(1, 0) : dense.weight();
    int in = shape.dim(dense.transposed() ? 1 : 0);
    int out = shape.dim(dense.transposed() ? 0 : 1);
    INDArray weight = weights.of(byInput.data(), in, out);
    INDArray bias = bias(dense.bias(), weights);
    return (operands, layout, scope) -> {
      long rows = operands[0].length() / in;
      INDArray sum = initial(bias, rows, out, scope);
      accumulate(operands[0].reshape('c', rows, in), weight, sum);
      return sum;
    };
  }

  static Kernel conv(Instruction.Conv conv, Scope weights) {
    Shape from = conv.x().shape();
    Shape to = conv.out().shape();
    Windows windows =
        Windows.of(conv.geometry(), space(from, 1), space(to, 1), space(conv.weight().shape(), 2));
    List<INDArray> taps = taps(conv.weight(), from.dim(0), conv.geometry().groups(), weights);
    INDArray bias = bias(conv.bias(), weights);
    return (operands, layout, scope) -> {
      INDArray x = operands[0].reshape('c', layout.flat(conv.x()));
      INDArray padded = windows.padded(x.permute(channelsLast(x.rank())), 0, scope);
      long rows = x.size(0) * windows.cells();
      INDArray sum = initial(bias, rows, to.dim(0), scope);
      for (int tap = 0; tap < taps.size(); tap++) {
        INDArray gathered = scope.copy(windows.tap(padded, tap));
        accumulate(gathered.reshape('c', rows, from.dim(0)), taps.get(tap), sum);
        scope.free(gathered);
      }
      INDArray cells = sum.reshape('c', channelsLast(layout.flat(conv.out())));
      return scope.copy(cells.permute(channelsFirst(x.rank())));
    };
  }

  /** Every tap spreads its products over the cells that it reads in the forward direction. */
  static Kernel convTranspose(Instruction.ConvTranspose adjoint, Scope weights) {
    Shape from = adjoint.m().shape();
    Shape to = adjoint.out().shape();
    Windows windows =
        Windows.of(
            adjoint.geometry(), space(to, 1), space(from, 1), space(adjoint.weight().shape(), 2));
    List<INDArray> taps =
        transposed(
            taps(adjoint.weight(), to.dim(0), adjoint.geometry().groups(), weights), weights);
    return (operands, layout, scope) -> {
      INDArray m = operands[0].reshape('c', layout.flat(adjoint.m()));
      long rows = m.size(0) * windows.cells();
      INDArray cells =
          scope.copy(m.permute(channelsLast(m.rank()))).reshape('c', rows, from.dim(0));
      INDArray padded = windows.blank(0, m.size(0), to.dim(0), scope);
      long[] tapDims = channelsLast(layout.flat(adjoint.m()));
      tapDims[tapDims.length - 1] = to.dim(0);
      for (int tap = 0; tap < taps.size(); tap++) {
        INDArray spread = scope.filled(0, rows, to.dim(0));
        accumulate(cells, taps.get(tap), spread);
        windows.addToTap(padded, tap, spread.reshape('c', tapDims), scope);
        scope.free(spread);
      }
      return scope.copy(windows.interior(padded).permute(channelsFirst(m.rank())));
    };
  }

  /**
   * Adds {@code rows [n, in] . weight [in, out]} to {@code sum [n, out]}, all row-major. BLAS is
   * column-major: it gets the transposed views and computes the transposed product, which spares
   * ND4J copies.
   */
  static void accumulate(INDArray rows, INDArray weight, INDArray sum) {
    Nd4j.gemm(weight.transpose(), rows.transpose(), sum.transpose(), false, false, 1, 1);
  }

  private static INDArray bias(Tensor bias, Scope weights) {
    return bias == null ? null : weights.of(bias.data(), 1, bias.size());
  }

  private static INDArray initial(INDArray bias, long rows, long out, Scope scope) {
    if (bias == null) {
      return scope.filled(0, rows, out);
    }
    return Broadcast.copy(scope, bias, new long[] {1, out}, new long[] {rows, out});
  }

  /** Per tap, a matrix {@code [in, out]}; channels of other groups have zeros there. */
  private static List<INDArray> taps(Tensor weight, int in, int groups, Scope weights) {
    int out = weight.shape().dim(0);
    int inPerGroup = weight.shape().dim(1);
    int count = weight.size() / out / inPerGroup;
    List<INDArray> taps = new ArrayList<>();
    for (int tap = 0; tap < count; tap++) {
      float[] matrix = new float[in * out];
      for (int o = 0; o < out; o++) {
        int first = o / (out / groups) * inPerGroup;
        for (int i = 0; i < inPerGroup; i++) {
          matrix[(first + i) * out + o] = weight.data()[(o * inPerGroup + i) * count + tap];
        }
      }
      taps.add(weights.of(matrix, in, out));
    }
    return taps;
  }

  private static List<INDArray> transposed(List<INDArray> taps, Scope weights) {
    return taps.stream()
        .map(
            tap -> {
              INDArray transposed = weights.copy(tap.transpose());
              weights.free(tap);
              return transposed;
            })
        .toList();
  }

  private static int[] space(Shape shape, int from) {
    return Arrays.copyOfRange(shape.dims(), from, shape.rank());
  }

  /**
   * The permutation that moves the channel axis of {@code [count, channels, space...]} to the end.
   */
  private static int[] channelsLast(int rank) {
    int[] permutation = new int[rank];
    for (int axis = 1; axis < rank - 1; axis++) {
      permutation[axis] = axis + 1;
    }
    permutation[rank - 1] = 1;
    return permutation;
  }

  private static long[] channelsLast(long[] dims) {
    return Arrays.stream(channelsLast(dims.length)).mapToLong(axis -> dims[axis]).toArray();
  }

  private static int[] channelsFirst(int rank) {
    int[] permutation = new int[rank];
    permutation[1] = rank - 1;
    for (int axis = 2; axis < rank; axis++) {
      permutation[axis] = axis - 1;
    }
    return permutation;
  }
}
