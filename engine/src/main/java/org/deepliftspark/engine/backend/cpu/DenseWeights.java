package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.deepliftspark.engine.graph.Tensor;

/** A matrix of weights with its rows and columns in the stored order of what they meet. */
final class DenseWeights implements AutoCloseable {
  private final FloatPointer numbers;
  private final int rows;
  private final int columns;

  /**
   * @param weight {@code [in, out]}, or {@code [out, in]} if transposed
   * @param rowLayout layout of the vectors that are multiplied
   * @param columnLayout of the results
   */
  DenseWeights(Tensor weight, boolean transposed, Layout rowLayout, Layout columnLayout) {
    this.rows = weight.shape().dim(transposed ? 1 : 0);
    this.columns = weight.shape().dim(transposed ? 0 : 1);
    int rowStep = transposed ? 1 : columns;
    int columnStep = transposed ? rows : 1;
    float[] stored = new float[weight.size()];
    for (int row = 0; row < rows; row++) {
      int to = rowLayout.stored(row) * columns;
      for (int column = 0; column < columns; column++) {
        stored[to + columnLayout.stored(column)] =
            weight.data()[row * rowStep + column * columnStep];
      }
    }
    this.numbers = Memory.copyOf(stored);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  FloatPointer matrix() {
    return numbers;
  }

  @Override
  public void close() {
    numbers.close();
  }
}
