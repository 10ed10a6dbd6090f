package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.deepliftspark.engine.importer.onnx.ConstantFolder.Folding;

/** Folds reductions, such as the product of a shape's dimensions or the norm of a weight. */
final class ConstantReductions {
  private ConstantReductions() {}

  static void addTo(Map<String, Folding> table) {
    table.put("ReduceProd", call -> reduce(call, 1, (a, x) -> a * x));
    table.put("ReduceSum", call -> reduce(call, 0, Double::sum));
    table.put("ReduceMax", call -> reduce(call, Double.NEGATIVE_INFINITY, Math::max));
    table.put("ReduceMin", call -> reduce(call, Double.POSITIVE_INFINITY, Math::min));
    table.put("ReduceSumSquare", call -> reduce(call, 0, (a, x) -> a + x * x));
    table.put("ReduceL1", call -> reduce(call, 0, (a, x) -> a + Math.abs(x)));
    table.put("ReduceL2", call -> root(reduceWide(call, 0, (a, x) -> a + x * x)));
    table.put("ReduceMean", ConstantReductions::mean);
  }

  private interface Step {
    double next(double accumulated, double x);
  }

  /** A reduction before it is rounded. */
  private record Wide(OnnxArray in, double[] values, int[] powers, int[] dims) {
    OnnxArray rounded() {
      if (in.isFloat()) {
        float[] data = new float[values.length];
        for (int i = 0; i < data.length; i++) {
          data[i] = (float) values[i];
        }
        return OnnxArray.ofFloats(data, dims);
      }
      long[] data = new long[values.length];
      byte[] exponents = new byte[values.length];
      for (int i = 0; i < data.length; i++) {
        data[i] = (long) values[i];
        exponents[i] = (byte) powers[i];
      }
      return OnnxArray.ofBatchMultiples(data, exponents, dims);
    }
  }

  private static OnnxArray reduce(ConstantCall call, double start, Step step) {
    return reduceWide(call, start, step).rounded();
  }

  private static OnnxArray root(Wide wide) {
    for (int i = 0; i < wide.values.length; i++) {
      wide.values[i] = Math.sqrt(wide.values[i]);
    }
    return wide.rounded();
  }

  private static OnnxArray mean(ConstantCall call) {
    Wide wide = reduceWide(call, 0, Double::sum);
    double count = wide.values.length == 0 ? 1 : (double) wide.in.size() / wide.values.length;
    for (int i = 0; i < wide.values.length; i++) {
      wide.values[i] /= count;
    }
    return wide.rounded();
  }

  private static Wide reduceWide(ConstantCall call, double start, Step step) {
    OnnxArray in = call.input(0);
    boolean product = call.node().opType().equals("ReduceProd");
    if (in.dependsOnBatch() && !product) {
      throw new UnsupportedNode("its result depends on the batch size");
    }
    boolean[] reduced = reducedAxes(call, in.rank());
    int[] kept = in.dims().clone();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = reduced[axis] ? 1 : kept[axis];
    }
    int[] strides = Broadcast.strides(kept);
    for (int axis = 0; axis < kept.length; axis++) {
      strides[axis] = reduced[axis] ? 0 : strides[axis];
    }
    double[] values = new double[call.budget().claim(kept)];
    Arrays.fill(values, start);
    int[] powers = new int[values.length];
    IntUnaryOperator target = Broadcast.strided(in.dims(), strides, 0);
    for (int i = 0; i < in.size(); i++) {
      int at = target.applyAsInt(i);
      values[at] = step.next(values[at], in.number(i));
      powers[at] += in.power(i);
    }
    boolean keep = call.node().flag("keepdims", true);
    return new Wide(in, values, powers, keep ? kept : without(kept, reduced));
  }

  private static boolean[] reducedAxes(ConstantCall call, int rank) {
    long[] axes = call.integers("axes", 1);
    boolean[] reduced = new boolean[rank];
    boolean all =
        (axes == null || axes.length == 0) && !call.node().flag("noop_with_empty_axes", false);
    Arrays.fill(reduced, all);
    for (long axis : axes == null ? new long[0] : axes) {
      reduced[Call.axis(axis, rank)] = true;
    }
    return reduced;
  }

  private static int[] without(int[] dims, boolean[] dropped) {
    return IntStream.range(0, dims.length)
        .filter(axis -> !dropped[axis])
        .map(axis -> dims[axis])
        .toArray();
  }
}
