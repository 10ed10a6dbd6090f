package org.deepliftspark.engine.backend.cpu;

import java.util.List;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;

/** Lowers instructions with weights. */
final class Products {
  /** Channels from which a product per tap is faster than gathering all taps. */
  private static final int SHIFTED_FROM = 32;

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
        dense.transposed()
            ? weights.matrix(dense.weight(), outLayout, vectorLayout(x, vectors))
            : weights.matrix(dense.weight(), vectorLayout(x, vectors), outLayout);
    Bias bias = bias(dense.bias(), outLayout, out.size() / vectors);
    boolean batched = isBatched(dense, lowering.grid()) && x.size() == x.root().size();
    int rows = batched ? elements(out.extent()) : vectors;
    Kernel kernel = new DenseKernel(x, out, matrix, dense.transposed(), bias, rows);
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

  Cell conv(Instruction.Conv conv) {
    Cell x = Pooling.channelsLast(lowering, conv.x());
    Shape shape = conv.out().shape();
    Cell out = lowering.newCell(conv.out(), Layout.channelsLast(shape));
    ConvWeights matrices = weights.convolution(conv.weight(), conv.geometry().groups());
    Windows windows = Windows.of(conv.x().shape(), shape, conv.weight().shape(), conv.geometry());
    Bias bias = conv.bias() == null ? null : Bias.of(conv.bias(), shape.dim(0));
    Kernel kernel =
        isShifted(matrices, windows)
            ? new ShiftedConv(x, out, matrices, windows, bias, false)
            : new ColumnConv(x, out, matrices, windows, bias);
    return lowering.add(Step.of(List.of(x), out, kernel));
  }

  Cell convTranspose(Instruction.ConvTranspose conv) {
    Cell m = Pooling.channelsLast(lowering, conv.m());
    Shape shape = conv.out().shape();
    ConvWeights matrices = weights.convolution(conv.weight(), conv.geometry().groups());
    Windows windows = Windows.of(shape, conv.m().shape(), conv.weight().shape(), conv.geometry());
    Cell out = lowering.newCell(conv.out(), Layout.channelsLast(shape));
    if (!isShifted(matrices, windows)) {
      return lowering.add(
          Step.of(List.of(m), out, new ColumnConvTranspose(m, out, matrices, windows)));
    }
    Cell base = base(conv.out(), out);
    Start start = base == null ? null : new Base(base);
    Kernel kernel = new ShiftedConv(m, out, matrices, windows, start, true);
    return lowering.add(
        base == null
            ? Step.of(List.of(m), out, kernel)
            : Step.adding(List.of(m, base), base, out, kernel));
  }

  /**
   * What a product is added to by the only instruction that reads it, if it can be added to it at
   * once; that instruction is then done.
   */
  private Cell base(Value product, Cell out) {
    Instruction reader = lowering.choice().onlyReader(product);
    if (!(reader instanceof Instruction.Binary sum) || sum.op() != BinaryOp.ADD) {
      return null;
    }
    Value other = sum.a().id() == product.id() ? sum.b() : sum.a();
    if (other.id() == product.id()
        || other.shape().size() != out.size()
        || !lowering.isComputed(other)) {
      return null;
    }
    Cell base = lowering.of(other);
    if (!base.layout().equals(out.layout())
        || !base.extent().equals(out.extent())
        || !base.isWhole()) {
      return null;
    }
    lowering.computed(sum.out(), out);
    return base;
  }

  /** Whether a convolution along a line with these weights is one product per tap. */
  static boolean isShifted(Tensor weight) {
    return weight.shape().dim(1) >= SHIFTED_FROM;
  }

  private static boolean isShifted(ConvWeights weights, Windows windows) {
    return weights.groups() == 1
        && weights.inPerGroup() >= SHIFTED_FROM
        && windows.isLine()
        && windows.stride(2) == 1;
  }
}
