package org.deepliftspark.engine.backend.cpu;

import java.util.List;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;

/** Lowers convolutions and their adjoints: chooses among the ways to make products of them. */
final class Convolutions {
  /** Channels from which a product per tap is faster than gathering all taps. */
  private static final int SHIFTED_FROM = 32;

  /** Up to so many channels an image is better read channel by channel. */
  private static final int FEW_CHANNELS = 4;

  /** Rows of a matrix below which a product is slow. */
  private static final int LONG_TAPS = 16;

  /** Columns of a matrix below which a product is slow. */
  private static final int MANY_CHANNELS = 8;

  /** Numbers of taps that are laid out at once. */
  private static final long MOST_TAPS = 1 << 20;

  private final Lowering lowering;
  private final Weights weights;

  private final WinogradRoutes routes;

  Convolutions(Lowering lowering, Weights weights, WinogradRoutes routes) {
    this.lowering = lowering;
    this.weights = weights;
    this.routes = routes;
  }

  Cell forward(Instruction.Conv conv) {
    Tensor weight = conv.weight();
    ConvGeometry geometry = conv.geometry();
    Windows windows = Windows.of(conv.x().shape(), conv.out().shape(), weight.shape(), geometry);
    Layout wanted = lowering.choice().ofPools(conv.out());
    Bias bias = conv.bias() == null ? null : Bias.of(conv.bias(), weight.shape().dim(0));
    int channels = weight.shape().dim(1);
    boolean fits = geometry.groups() == 1 && PaddedLines.fits(windows);
    boolean planes = fits && windows.kernel[1] > 1 && channels * windows.kernel[2] < LONG_TAPS;
    boolean lines = fits && isUndilated(windows) && !isShifted(weight, geometry, windows);
    if (planes && arePlanes(weight, windows) || lines) {
      Layout plain = Layout.channelsLast(conv.out().shape());
      Cell out = lowering.newCell(conv.out(), wanted == null ? plain : wanted);
      PaddedLines padded = PaddedLines.of(windows, false, columns(out));
      return planes && arePlanes(weight, windows)
          ? planes(conv, out, padded, bias)
          : lines(conv, out, padded, bias);
    }
    Cell x = Pooling.channelsLast(lowering, conv.x());
    Cell out = lowering.newCell(conv.out(), Layout.channelsLast(conv.out().shape()));
    Kernel kernel =
        isShifted(weight, geometry, windows)
            ? shifted(x, out, weight, windows, bias, routes.allow(conv.out()), false)
            : new ColumnConv(x, out, weights.convolution(weight, geometry.groups()), windows, bias);
    lowering.add(Step.of(List.of(x), out, kernel));
    return wanted == null ? out : lowering.converted(out, wanted);
  }

  /** A product per tap, or fewer where that is faster. */
  private Kernel shifted(
      Cell x,
      Cell out,
      Tensor weight,
      Windows windows,
      Start start,
      boolean fewer,
      boolean adjoint) {
    int in = weight.shape().dim(adjoint ? 0 : 1);
    int channels = weight.shape().dim(adjoint ? 1 : 0);
    if (fewer && WinogradConv.pays(windows, in, channels, adjoint)) {
      WinogradWeights matrices = weights.winograd(weight, adjoint);
      return new WinogradConv(x, out, matrices, windows, start, adjoint);
    }
    ConvWeights matrices = adjoint ? weights.flipped(weight) : weights.convolution(weight, 1);
    return new ShiftedConv(x, out, matrices, windows, start, adjoint);
  }

  private Cell planes(Instruction.Conv conv, Cell out, PaddedLines lines, Bias bias) {
    ConvWeights matrices = weights.convolution(conv.weight(), 1);
    Cell x = lowering.as(conv.x(), Layout.ROW_MAJOR);
    int in = matrices.inPerGroup();
    Kernel kernel =
        new PlaneConv(x, out, lines, in, matrices.matrix(0, 0), bias, matrices.outPerGroup());
    return lowering.add(Step.of(List.of(x), out, kernel));
  }

  private Cell lines(Instruction.Conv conv, Cell out, PaddedLines lines, Bias bias) {
    ConvWeights matrices = weights.convolution(conv.weight(), 1);
    Cell x = overPositions(conv.x());
    int in = matrices.inPerGroup();
    Kernel kernel =
        new LineConv(x, out, lines, matrices.matrix(0, 0), bias, in, matrices.outPerGroup());
    return lowering.add(Step.of(List.of(x), out, kernel));
  }

  Cell adjoint(Instruction.ConvTranspose conv) {
    Tensor weight = conv.weight();
    ConvGeometry geometry = conv.geometry();
    Shape shape = conv.out().shape();
    Windows windows = Windows.of(shape, conv.m().shape(), weight.shape(), geometry);
    if (isShifted(weight, geometry, windows)) {
      return shifted(conv, windows);
    }
    boolean fits = geometry.groups() == 1 && PaddedLines.fits(windows);
    boolean few = weight.shape().dim(1) < MANY_CHANNELS;
    if (fits && few && windows.isLine() && isUndilated(windows)) {
      return line(conv, windows);
    } else if (fits && arePlanes(weight, windows)) {
      return planes(conv, windows);
    } else if (fits && isUndilated(windows) && !few) {
      Cell m = overPositions(conv.m());
      Cell out = lowering.newCell(conv.out(), Layout.channelsLast(shape));
      ConvWeights flipped = weights.flipped(weight);
      int in = flipped.inPerGroup();
      PaddedLines lines = PaddedLines.of(windows, true, 1);
      Kernel kernel =
          new LineConv(m, out, lines, flipped.matrix(0, 0), null, in, flipped.outPerGroup());
      return lowering.add(Step.of(List.of(m), out, kernel));
    }
    Cell m = Pooling.channelsLast(lowering, conv.m());
    Cell out = lowering.newCell(conv.out(), Layout.channelsLast(shape));
    ConvWeights matrices = weights.convolution(weight, geometry.groups());
    return lowering.add(
        Step.of(List.of(m), out, new ColumnConvTranspose(m, out, matrices, windows)));
  }

  private Cell line(Instruction.ConvTranspose conv, Windows windows) {
    Cell m = overPositions(conv.m());
    Cell out = lowering.newCell(conv.out(), Layout.ROW_MAJOR);
    ConvWeights matrix = weights.toTaps(conv.weight());
    return lowering.add(Step.of(List.of(m), out, new LineConvTranspose(m, out, matrix, windows)));
  }

  private Cell planes(Instruction.ConvTranspose conv, Windows windows) {
    Cell m = overPositions(conv.m());
    Cell out = lowering.newCell(conv.out(), Layout.ROW_MAJOR);
    ConvWeights matrices = weights.convolution(conv.weight(), 1);
    PaddedLines lines = PaddedLines.of(windows, false, columns(m));
    int channels = matrices.inPerGroup();
    Kernel kernel =
        new PlaneConvTranspose(
            m, out, lines, channels, matrices.matrix(0, 0), matrices.outPerGroup());
    return lowering.add(Step.of(List.of(m), out, kernel));
  }

  private Cell shifted(Instruction.ConvTranspose conv, Windows windows) {
    Cell m = Pooling.channelsLast(lowering, conv.m());
    Cell out = lowering.newCell(conv.out(), Layout.channelsLast(conv.out().shape()));
    Cell base = base(conv.out(), out);
    Start start = base == null ? null : new Base(base);
    boolean fewer = routes.allow(conv.out());
    Kernel kernel = shifted(m, out, conv.weight(), windows, start, fewer, true);
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

  /** Channels last, in planes of windows if it is so. */
  private Cell overPositions(Value value) {
    Cell cell = lowering.of(value);
    Tiling tiling = cell.layout().tiling();
    Shape shape = value.shape();
    boolean same =
        tiling != null
            && tiling.width() == shape.dim(-1)
            && tiling.width() * tiling.height() * shape.dim(0) == shape.size();
    return same ? cell : Pooling.channelsLast(lowering, value);
  }

  private static int columns(Cell cell) {
    return cell.layout().isTiled() ? cell.layout().tiling().windowWidth() : 1;
  }

  private static boolean isUndilated(Windows windows) {
    return windows.kernel[2] == 1 || windows.dilation(2) == 1;
  }

  /** Whether channels are few, and all taps of all positions not too many. */
  private static boolean arePlanes(Tensor weight, Windows windows) {
    long taps = (long) weight.shape().dim(1) * windows.taps() * windows.inCells();
    return weight.shape().dim(1) <= FEW_CHANNELS && taps <= MOST_TAPS;
  }

  /** Whether products read a convolution's input where it is, or from padded lines. */
  static boolean gathersNothing(Tensor weight, ConvGeometry geometry, Shape in, Shape out) {
    Windows windows = Windows.of(in, out, weight.shape(), geometry);
    boolean lines = geometry.groups() == 1 && PaddedLines.fits(windows) && isUndilated(windows);
    return lines || isShifted(weight, geometry, windows);
  }

  /** Whether {@link WinogradConv} is faster for a convolution, or its adjoint. */
  static boolean multipliesLess(
      Tensor weight, ConvGeometry geometry, Shape in, Shape out, boolean adjoint) {
    Windows windows = Windows.of(in, out, weight.shape(), geometry);
    int from = weight.shape().dim(adjoint ? 0 : 1);
    int to = weight.shape().dim(adjoint ? 1 : 0);
    return isShifted(weight, geometry, windows) && WinogradConv.pays(windows, from, to, adjoint);
  }

  /** Whether a convolution along a line is one product per tap. */
  private static boolean isShifted(Tensor weight, ConvGeometry geometry, Windows windows) {
    return geometry.groups() == 1
        && weight.shape().dim(1) >= SHIFTED_FROM
        && windows.isLine()
        && windows.stride(2) == 1;
  }
}
