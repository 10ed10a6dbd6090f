package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Op.Reduction;

/** Reduces axes to length 1; sums are made in double. */
final class ReduceKernel implements Kernel {
  private final Cell x;
  private final Cell out;
  private final Reduction reduction;
  private final int[] dims;
  private final int[] from;
  private final int[] to;

  /**
   * @param dims shape of {@code x}
   * @param from stored distance between neighbors of {@code x}
   * @param to the same of {@code out}, 0 along reduced axes
   */
  ReduceKernel(Cell x, Cell out, Reduction reduction, int[] dims, int[] from, int[] to) {
    this.x = x;
    this.out = out;
    this.reduction = reduction;
    this.dims = dims;
    this.from = from;
    this.to = to;
  }

  @Override
  public void run(Frame frame) {
    float[] source = x.read(frame, 0);
    double[] sums = new double[out.size()];
    if (reduction == Reduction.MAX) {
      Arrays.fill(sums, Double.NEGATIVE_INFINITY);
    }
    reduce(source, 0, 0, 0, sums);
    double divisor = reduction == Reduction.MEAN ? (double) x.size() / out.size() : 1;
    float[] target = frame.array(1, out.size());
    for (int i = 0; i < out.size(); i++) {
      target[i] = (float) (sums[i] / divisor);
    }
    out.write(frame, 0, target, out.size());
  }

  private void reduce(float[] source, int axis, int at, int cell, double[] sums) {
    if (axis == dims.length) {
      sums[cell] =
          reduction == Reduction.MAX ? Math.max(sums[cell], source[at]) : sums[cell] + source[at];
      return;
    }
    for (int i = 0; i < dims[axis]; i++) {
      reduce(source, axis + 1, at + i * from[axis], cell + i * to[axis], sums);
    }
  }
}
