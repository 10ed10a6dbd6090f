package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * The secant slope {@code (f(u) - f(v)) / (u - v)} of each activation, its derivative where {@code
 * u = v}.
 *
 * <p>The bare quotient cancels in float (sigmoid at a distance of 1e-4: 1 % wrong), and single
 * scores with it, while their sum stays right. So every function has a closed form where there is
 * one: the chain rule for a composition, {@code S(fg) = mean(f) S(g) + mean(g) S(f)} for a product.
 * Softplus and the normal distribution have none: near zero Simpson's rule over the derivative
 * stands in.
 */
final class SecantSlopes {
  /**
   * Keeps quotients of two zeros defined; far below any activation, far above the smallest float.
   */
  private static final double TINY = 1e-30;

  /**
   * Keeps tanh(t) / t at 1 for t = 0; squared, as approximations of tanh do, it is still a normal
   * float.
   */
  private static final double SMALL = 1e-18;

  /**
   * From this distance on the quotient of a gate between 0 and 1 is as good as its chain rule: its
   * error is an ulp of 1 over the distance.
   */
  private static final double GELU_FAR = 100;

  /** Terms behind the first that the series of the logarithm has. */
  private static final int LOG_TERMS = 5;

  /**
   * Below this distance Simpson's rule is better than the quotient. Its error is about 5e-5 d^4,
   * the quotient's about eps / d: they meet near 0.2 in float, near 1e-3 in double.
   */
  private final double simpsonBelow;

  /**
   * Below this relative distance the series of the logarithm is better than the quotient. It leaves
   * out a share t^12 / 13, the quotient's error is about eps / t.
   */
  private final double logSeriesBelow;

  SecantSlopes(Precision precision) {
    this.simpsonBelow = precision == Precision.F32 ? 0.2 : 1e-3;
    this.logSeriesBelow = precision == Precision.F32 ? 0.3 : 0.05;
  }

  /** The slope between two points, the derivative where they are one value. */
  Value slope(ActivationFunction function, Point u, Point v, ProgramBuilder code) {
    ActivationTable.Row row = ActivationTable.of(function.kind());
    return u.x() == v.x()
        ? row.derivative().at(function, u, code)
        : row.slope().between(this, function, u, v, code);
  }

  Value silu(Value u, Value v, ProgramBuilder code) {
    return timesArgument(sigmoidAt(u, code), sigmoidAt(v, code), this::sigmoid, code);
  }

  Value gelu(Value u, Value v, ProgramBuilder code) {
    return timesArgument(normalAt(u, code), normalAt(v, code), this::normal, code);
  }

  Value geluTanh(Value u, Value v, ProgramBuilder code) {
    return timesArgument(geluTanhAt(u, code), geluTanhAt(v, code), this::geluTanhGate, code);
  }

  Value mish(Value u, Value v, ProgramBuilder code) {
    return timesArgument(mishAt(u, code), mishAt(v, code), this::mishGate, code);
  }

  Value hardSwish(Value u, Value v, ProgramBuilder code) {
    return timesArgument(hardSigmoidAt(u, code), hardSigmoidAt(v, code), this::gate, code);
  }

  Value logSigmoid(Point u, Point v, ProgramBuilder code) {
    return simpson(u, v, x -> code.unary(UnaryOp.SIGMOID, negated(x, code)), code);
  }

  Value tanhShrink(Value u, Value v, ProgramBuilder code) {
    return code.subtract(code.scalar(1), tanh(tanhAt(u, code), tanhAt(v, code), code));
  }

  static Value squareplus(Value u, Value v, double b, ProgramBuilder code) {
    Value roots =
        code.add(
            ActivationValues.squareplusRoot(u, b, code),
            ActivationValues.squareplusRoot(v, b, code));
    Value ratio = code.divide(code.add(u, v), roots);
    return code.multiply(code.add(ratio, code.scalar(1)), code.scalar(0.5));
  }

  /** (c + 1)^2 / 4 of the clip c, and x - 1 + relu(1 - x). */
  static Value sparsePlus(Value u, Value v, ProgramBuilder code) {
    Value one = code.scalar(1);
    Value clips =
        code.add(ActivationValues.clip(u, -1, 1, code), ActivationValues.clip(v, -1, 1, code));
    Value bent = code.multiply(code.add(clips, code.scalar(2)), code.scalar(0.25));
    Value rest = code.subtract(one, relu(code.subtract(one, u), code.subtract(one, v), code));
    return code.add(code.multiply(bent, clip(u, v, -1, 1, code)), rest);
  }

  static Value root(Point u, Point v, ProgramBuilder code) {
    return code.divide(code.scalar(1), code.add(code.add(u.y(), v.y()), code.scalar(TINY)));
  }

  static Value reciprocal(Point u, Point v, ProgramBuilder code) {
    return negated(code.multiply(u.y(), v.y()), code);
  }

  Value erf(Point u, Point v, ProgramBuilder code) {
    return simpson(u, v, x -> ActivationDerivatives.erf(x, code), code);
  }

  /** Slope of max(x, 0) between two arguments. */
  static Value relu(Value u, Value v, ProgramBuilder code) {
    return relu(code.unary(UnaryOp.RELU, code.maximum(u, v)), u, v, code);
  }

  /**
   * P / (P + N), with P the larger positive part and N the larger negative one; 0 if both are 0. No
   * threshold, no branch.
   */
  static Value relu(Value positive, Value u, Value v, ProgramBuilder code) {
    Value negative = code.minimum(code.minimum(u, v), code.scalar(-TINY));
    return code.divide(positive, code.subtract(positive, negative));
  }

  /**
   * Slope of max(a, b) in a, for u and v the values of a - b: that of ReLU, but 1/2 where both are
   * 0, so that two operands that tie share the credit.
   */
  static Value maximum(Value u, Value v, ProgramBuilder code) {
    Value positive = code.maximum(code.maximum(u, v), code.scalar(TINY));
    Value negative = code.minimum(code.minimum(u, v), code.scalar(-TINY));
    return code.divide(positive, code.subtract(positive, negative));
  }

  static Value leaky(Value u, Value v, Value alpha, ProgramBuilder code) {
    Value relu = relu(u, v, code);
    return code.add(code.multiply(relu, code.subtract(code.scalar(1), alpha)), alpha);
  }

  /** tanh((u-v)/2) / (u-v) times s(u)(1-s(v)) + s(v)(1-s(u)). */
  Value sigmoid(Point u, Point v, ProgramBuilder code) {
    Value half = code.multiply(code.subtract(u.x(), v.x()), code.scalar(0.5));
    Value one = code.scalar(1);
    Value left = code.multiply(u.y(), code.subtract(one, v.y()));
    Value right = code.multiply(v.y(), code.subtract(one, u.y()));
    return code.multiply(
        code.multiply(tanhQuotient(half, code), code.scalar(0.5)), code.add(left, right));
  }

  /** tanh(u) - tanh(v) = tanh(u - v) (1 - tanh(u) tanh(v)). */
  Value tanh(Point u, Point v, ProgramBuilder code) {
    Value quotient = tanhQuotient(code.subtract(u.x(), v.x()), code);
    return code.multiply(quotient, code.subtract(code.scalar(1), code.multiply(u.y(), v.y())));
  }

  /**
   * exp(max) (1 - exp(-t)) / t with t the distance; 1 - exp(-t) = 2 tanh(t/2) / (1 + tanh(t/2)).
   */
  Value exponential(Point u, Point v, ProgramBuilder code) {
    Value half =
        code.multiply(code.unary(UnaryOp.ABS, code.subtract(u.x(), v.x())), code.scalar(0.5));
    Value tanh = code.unary(UnaryOp.TANH, half);
    Value decay = code.divide(tanhQuotient(half, code), code.add(tanh, code.scalar(1)));
    return code.multiply(code.maximum(u.y(), v.y()), decay);
  }

  /** Slope of exp at two values of it, for rules that meet exp inside another function. */
  Value exponential(Value u, Value v, Value expU, Value expV, ProgramBuilder code) {
    return exponential(new Point(u, expU), new Point(v, expV), code);
  }

  /** The positive part has the slope of ReLU, the negative one that of exp over min(x, 0). */
  Value elu(Value u, Value v, double scale, double alpha, double inner, ProgramBuilder code) {
    Value relu = relu(u, v, code);
    Value slope = exponential(expOfNegative(u, inner, code), expOfNegative(v, inner, code), code);
    Value rest =
        code.multiply(code.subtract(code.scalar(1), relu), code.scalar(scale * alpha * inner));
    Value positive = scale == 1 ? relu : code.multiply(relu, code.scalar(scale));
    return code.add(positive, code.multiply(slope, rest));
  }

  private static Point expOfNegative(Value x, double inner, ProgramBuilder code) {
    Value negative = ActivationValues.exponent(x, inner, code);
    return new Point(negative, code.unary(UnaryOp.EXP, negative));
  }

  /**
   * With w = |u||v| if the signs differ, otherwise 0: (1 + 2w / (|u| + |v|)) / ((1 + |u|)(1 +
   * |v|)).
   */
  static Value softsign(Value u, Value v, ProgramBuilder code) {
    Value one = code.scalar(1);
    Value sizeU = code.unary(UnaryOp.ABS, u);
    Value sizeV = code.unary(UnaryOp.ABS, v);
    Value opposite = code.unary(UnaryOp.RELU, code.unary(UnaryOp.NEGATE, code.multiply(u, v)));
    Value sum = code.add(code.add(sizeU, sizeV), code.scalar(TINY));
    Value numerator = code.add(code.multiply(code.divide(opposite, sum), code.scalar(2)), one);
    return code.divide(numerator, code.multiply(code.add(sizeU, one), code.add(sizeV, one)));
  }

  Value softplus(Point u, Point v, ProgramBuilder code) {
    return simpson(u, v, x -> code.unary(UnaryOp.SIGMOID, x), code);
  }

  /** Slope of the normal distribution function, whose derivative is the normal density. */
  private Value normal(Point u, Point v, ProgramBuilder code) {
    return simpson(u, v, x -> normalDensity(x, code), code);
  }

  static Value normalDensity(Value x, ProgramBuilder code) {
    Value exponent = code.multiply(code.multiply(x, x), code.scalar(-0.5));
    return code.multiply(
        code.unary(UnaryOp.EXP, exponent), code.scalar(1 / Math.sqrt(2 * Math.PI)));
  }

  /** Far apart the quotient: there the cube in the argument may leave the range of float. */
  private Value geluTanhGate(Point u, Point v, ProgramBuilder code) {
    Point argumentU = tanhAt(ActivationValues.geluArgument(u.x(), code), code);
    Point argumentV = tanhAt(ActivationValues.geluArgument(v.x(), code), code);
    Value chained = code.multiply(tanh(argumentU, argumentV, code), geluInner(u.x(), v.x(), code));
    Value delta = code.subtract(u.x(), v.x());
    Value near = code.binary(BinaryOp.LESS, code.unary(UnaryOp.ABS, delta), code.scalar(GELU_FAR));
    // where the quotient is not used, 1 is added to its divisor, so that it is never 0
    Value quotient = code.divide(code.subtract(u.y(), v.y()), code.add(delta, near));
    return code.select(near, chained, quotient);
  }

  /** Slope of what the tanh form of GELU takes the tanh of. */
  static Value geluInner(Value u, Value v, ProgramBuilder code) {
    Value squares = squares(u, v, code);
    Value cubic =
        code.add(code.multiply(squares, code.scalar(ActivationValues.GELU_CUBIC)), code.scalar(1));
    return code.multiply(cubic, code.scalar(0.5 * ActivationValues.GELU_SCALE));
  }

  private Value mishGate(Point u, Point v, ProgramBuilder code) {
    Point outerU = tanhAt(code.unary(UnaryOp.SOFTPLUS, u.x()), code);
    Point outerV = tanhAt(code.unary(UnaryOp.SOFTPLUS, v.x()), code);
    Value inner = softplus(new Point(u.x(), outerU.x()), new Point(v.x(), outerV.x()), code);
    return code.multiply(tanh(outerU, outerV, code), inner);
  }

  /** u^2 + uv + v^2, the slope of x^3. */
  static Value squares(Value u, Value v, ProgramBuilder code) {
    Value ends = code.add(code.multiply(u, u), code.multiply(v, v));
    return code.add(ends, code.multiply(u, v));
  }

  static Value clip(Value u, Value v, double low, double high, ProgramBuilder code) {
    Point from = new Point(u, ActivationValues.clip(u, low, high, code));
    Point to = new Point(v, ActivationValues.clip(v, low, high, code));
    Value below = code.binary(BinaryOp.LESS, u, code.scalar(high));
    return exact(from, to, code.multiply(ActivationValues.above(u, low, code), below), code);
  }

  /**
   * The quotient itself, of functions that return their argument or a constant as it is: nothing is
   * rounded before the differences are taken. Where u = v, the derivative.
   */
  static Value exact(Point u, Point v, Value derivative, ProgramBuilder code) {
    Value delta = code.subtract(u.x(), v.x());
    Value still = code.binary(BinaryOp.EQUAL, delta, code.scalar(0));
    Value quotient = code.divide(code.subtract(u.y(), v.y()), code.add(delta, still));
    return code.select(still, derivative, quotient);
  }

  /** That of the clip which it is but for its scale: adding the offset would round. */
  static Value hardSigmoid(Value u, Value v, double slope, double offset, ProgramBuilder code) {
    return code.multiply(
        clip(u, v, -offset / slope, (1 - offset) / slope, code), code.scalar(slope));
  }

  private Value gate(Point u, Point v, ProgramBuilder code) {
    return hardSigmoid(u.x(), v.x(), ActivationValues.HARD_SWISH_SLOPE, 0.5, code);
  }

  /** relu(x - a) - relu(-x - a). */
  static Value softShrink(Value u, Value v, double width, ProgramBuilder code) {
    Value a = code.scalar(width);
    Value above = relu(code.subtract(u, a), code.subtract(v, a), code);
    Value below =
        relu(code.subtract(negated(u, code), a), code.subtract(negated(v, code), a), code);
    return code.add(above, below);
  }

  /** (u + v) / (|u| + |v|). */
  static Value abs(Point u, Point v, ProgramBuilder code) {
    return code.divide(code.add(u.x(), v.x()), code.add(code.add(u.y(), v.y()), code.scalar(TINY)));
  }

  /**
   * log(u / v) / (u - v); near by its series 2 / (u + v) (1 + t^2 / 3 + t^4 / 5 + ...) in t = (u -
   * v) / (u + v).
   */
  Value log(Value u, Value v, ProgramBuilder code) {
    Value delta = code.subtract(u, v);
    Value sum = code.add(u, v);
    Value ratio = code.divide(delta, sum);
    Value square = code.multiply(ratio, ratio);
    Value series = code.scalar(1.0 / (2 * LOG_TERMS + 1));
    for (int term = LOG_TERMS - 1; term >= 0; term--) {
      series = code.add(code.multiply(series, square), code.scalar(1.0 / (2 * term + 1)));
    }
    Value near = code.binary(BinaryOp.LESS, square, code.scalar(logSeriesBelow * logSeriesBelow));
    // where the quotient is not used, 1 is added to its divisor, so that it is never 0
    Value quotient = code.divide(code.unary(UnaryOp.LOG, code.divide(u, v)), code.add(delta, near));
    return code.select(near, code.multiply(series, code.divide(code.scalar(2), sum)), quotient);
  }

  private static Value negated(Value x, ProgramBuilder code) {
    return code.unary(UnaryOp.NEGATE, x);
  }

  /** Slope of x g(x): mean(g) + mean(x) S(g). */
  private static Value timesArgument(Point u, Point v, Slope factor, ProgramBuilder code) {
    Value meanY = code.multiply(code.add(u.y(), v.y()), code.scalar(0.5));
    Value meanX = code.multiply(code.add(u.x(), v.x()), code.scalar(0.5));
    return code.add(meanY, code.multiply(meanX, factor.of(u, v, code)));
  }

  private Value simpson(Point u, Point v, Derivative derivative, ProgramBuilder code) {
    Value delta = code.subtract(u.x(), v.x());
    Value middle = derivative.at(code.multiply(code.add(u.x(), v.x()), code.scalar(0.5)));
    Value ends = code.add(derivative.at(u.x()), derivative.at(v.x()));
    Value mean =
        code.multiply(code.add(ends, code.multiply(middle, code.scalar(4))), code.scalar(1.0 / 6));
    Value near =
        code.binary(BinaryOp.LESS, code.unary(UnaryOp.ABS, delta), code.scalar(simpsonBelow));
    // where the quotient is not used, 1 is added to its divisor, so that it is never 0
    Value quotient = code.divide(code.subtract(u.y(), v.y()), code.add(delta, near));
    return code.select(near, mean, quotient);
  }

  /** tanh(t) / t; it is even, so the distance from 0 will do. */
  private static Value tanhQuotient(Value t, ProgramBuilder code) {
    Value size = code.add(code.unary(UnaryOp.ABS, t), code.scalar(SMALL));
    return code.divide(code.unary(UnaryOp.TANH, size), size);
  }

  private static Point tanhAt(Value x, ProgramBuilder code) {
    return new Point(x, code.unary(UnaryOp.TANH, x));
  }

  private static Point sigmoidAt(Value x, ProgramBuilder code) {
    return new Point(x, code.unary(UnaryOp.SIGMOID, x));
  }

  private static Point normalAt(Value x, ProgramBuilder code) {
    return new Point(x, ActivationValues.normalDistribution(x, code));
  }

  private static Point geluTanhAt(Value x, ProgramBuilder code) {
    return new Point(x, ActivationValues.normalByTanh(x, code));
  }

  private static Point hardSigmoidAt(Value x, ProgramBuilder code) {
    return new Point(
        x, ActivationValues.hardSigmoid(x, ActivationValues.HARD_SWISH_SLOPE, 0.5, code));
  }

  private static Point mishAt(Value x, ProgramBuilder code) {
    return new Point(x, code.unary(UnaryOp.TANH, code.unary(UnaryOp.SOFTPLUS, x)));
  }

  @FunctionalInterface
  private interface Derivative {
    Value at(Value x);
  }

  @FunctionalInterface
  private interface Slope {
    Value of(Point u, Point v, ProgramBuilder code);
  }
}
