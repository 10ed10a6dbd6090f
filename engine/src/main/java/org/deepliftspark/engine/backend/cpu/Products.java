package org.deepliftspark.engine.backend.cpu;

import java.util.List;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;

/** Lowers products with matrices of weights. */
final class Products {
  /** Weights that are too many to be read again for every lane. */
  private static final int BATCHED_FROM = 1 << 13;

  private final Lowering lowering;
  private final Weights weights;

  Products(Lowering lowering, Weights weights) {
    this.lowering = lowering;
    this.weights = weights;
  }

  /** Whether lanes are better computed together. */
  static boolean isBatched(Instruction.Dense dense, Grid grid) {
    int vectors = dense.x().shape().size() / dense.x().shape().dim(-1);
    return vectors == 1
        && dense.weight().size() >= BATCHED_FROM
        && grid.level(grid.clean(dense.out().extent())) == Grid.Level.LANE;
  }

  Cell dense(Instruction.Dense dense) {
    int in = dense.x().shape().dim(-1);
    int vectors = dense.x().shape().size() / in;
    Cell x = vectors == 1 ? lowering.of(dense.x()) : lowering.as(dense.x(), Layout.ROW_MAJOR);
    Layout outLayout = vectors == 1 ? lowering.choice().wanted(dense.out()) : Layout.ROW_MAJOR;
    Cell out = lowering.newCell(dense.out(), outLayout);
    DenseWeights matrix =
        weights.matrix(dense.weight(), dense.transposed(), vectorLayout(x, vectors), outLayout);
    Bias bias = bias(dense.bias(), outLayout, out.size() / vectors);
    boolean batched = isBatched(dense, lowering.grid()) && x.size() == x.root().size();
    int rows = batched ? elements(out.extent()) : vectors;
    Kernel kernel = new DenseKernel(x, out, matrix, bias, rows);
    return lowering.add(
        batched ? Step.batched(List.of(x), out, kernel) : Step.of(List.of(x), out, kernel));
  }

  private static Layout vectorLayout(Cell x, int vectors) {
    return vectors == 1 ? x.layout() : Layout.ROW_MAJOR;
  }

  /** In the layout of what it is added to; null for none. */
  private static Bias bias(Tensor bias, Layout layout, int units) {
    if (bias == null) {
      return null;
    }
    float[] stored = new float[units];
    layout.store(bias.data(), 0, units, stored);
    return new Bias(stored, units);
  }

  /** Elements of an extent in a chunk of lanes. */
  private int elements(Extent extent) {
    Grid grid = lowering.grid();
    return grid.lanes()
        * (extent.has(Axis.TARGET) ? grid.sizes().targets() : 1)
        * (extent.has(Axis.SAMPLE) ? grid.sizes().samples() : 1);
  }
}
