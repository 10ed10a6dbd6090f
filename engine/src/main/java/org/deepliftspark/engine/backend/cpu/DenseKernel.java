package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A product with a matrix of weights: of the vectors of one element, or of one vector per lane, all
 * lanes together. The number of rows is always the same, so that a row's sums do not depend on how
 * many there are to compute.
 */
final class DenseKernel implements Kernel {
  private final Cell x;
  private final Cell out;
  private final DenseWeights weights;
  private final FloatPointer matrix;
  private final Bias bias;
  private final int rows;

  /**
   * @param bias null for none
   * @param rows vectors
   */
  DenseKernel(Cell x, Cell out, DenseWeights weights, Bias bias, int rows) {
    this.x = x;
    this.out = out;
    this.weights = weights;
    this.matrix = weights.matrix();
    this.bias = bias;
    this.rows = rows;
  }

  @Override
  public void run(Frame frame) {
    int in = weights.rows();
    int units = weights.columns();
    if (bias != null) {
      bias.fill(frame, out, 0, rows * units);
    }
    Gemm.multiply(
        rows,
        units,
        in,
        x.pointer(frame, 0),
        in,
        matrix,
        weights.columns(),
        false,
        bias == null ? 0f : 1f,
        out.pointer(frame, 0),
        units);
  }
}
