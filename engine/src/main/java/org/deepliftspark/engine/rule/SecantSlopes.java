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
   * Below this distance Simpson's rule is better than the quotient. Its error is about 5e-5 d^4,
   * the quotient's about eps / d: they meet near 0.2 in float, near 1e-3 in double.
   */
  private final double simpsonBelow;

  SecantSlopes(Precision precision) {
    this.simpsonBelow = precision == Precision.F32 ? 0.2 : 1e-3;
  }

  Value slope(ActivationFunction function, Point u, Point v, ProgramBuilder code) {
    return switch (function.kind()) {
      case RELU -> relu(code.maximum(u.y(), v.y()), u.x(), v.x(), code);
      case LEAKY_RELU -> leaky(u.x(), v.x(), code.scalar(function.alpha()), code);
      case PRELU -> leaky(u.x(), v.x(), code.constant(function.slopes()), code);
      case SIGMOID -> sigmoid(u, v, code);
      case TANH -> tanh(u, v, code);
      case EXPONENTIAL -> exponential(u, v, code);
      case ELU -> elu(u.x(), v.x(), 1, function.alpha(), code);
      case SELU ->
          elu(u.x(), v.x(), ActivationValues.SELU_SCALE, ActivationValues.SELU_ALPHA, code);
      case SOFTPLUS -> softplus(u, v, code);
      case SOFTSIGN -> softsign(u.x(), v.x(), code);
      case SILU ->
          timesArgument(sigmoidAt(u.x(), code), sigmoidAt(v.x(), code), this::sigmoid, code);
      case GELU -> timesArgument(normalAt(u.x(), code), normalAt(v.x(), code), this::normal, code);
      case GELU_TANH ->
          timesArgument(geluTanhAt(u.x(), code), geluTanhAt(v.x(), code), this::geluTanh, code);
      case MISH -> timesArgument(mishAt(u.x(), code), mishAt(v.x(), code), this::mish, code);
    };
  }

  /** Slope of max(x, 0) between two arguments. */
  static Value relu(Value u, Value v, ProgramBuilder code) {
    return relu(code.unary(UnaryOp.RELU, code.maximum(u, v)), u, v, code);
  }

  /**
   * P / (P + N), with P the larger positive part and N the larger negative one; 0 if both are 0. No
   * threshold, no branch.
   */
  private static Value relu(Value positive, Value u, Value v, ProgramBuilder code) {
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

  private static Value leaky(Value u, Value v, Value alpha, ProgramBuilder code) {
    Value relu = relu(u, v, code);
    return code.add(code.multiply(relu, code.subtract(code.scalar(1), alpha)), alpha);
  }

  /** tanh((u-v)/2) / (u-v) times s(u)(1-s(v)) + s(v)(1-s(u)). */
  private Value sigmoid(Point u, Point v, ProgramBuilder code) {
    Value half = code.multiply(code.subtract(u.x(), v.x()), code.scalar(0.5));
    Value one = code.scalar(1);
    Value left = code.multiply(u.y(), code.subtract(one, v.y()));
    Value right = code.multiply(v.y(), code.subtract(one, u.y()));
    return code.multiply(
        code.multiply(tanhQuotient(half, code), code.scalar(0.5)), code.add(left, right));
  }

  /** tanh(u) - tanh(v) = tanh(u - v) (1 - tanh(u) tanh(v)). */
  private Value tanh(Point u, Point v, ProgramBuilder code) {
    Value quotient = tanhQuotient(code.subtract(u.x(), v.x()), code);
    return code.multiply(quotient, code.subtract(code.scalar(1), code.multiply(u.y(), v.y())));
  }

  /**
   * exp(max) (1 - exp(-t)) / t with t the distance; 1 - exp(-t) = 2 tanh(t/2) / (1 + tanh(t/2)).
   */
  private Value exponential(Point u, Point v, ProgramBuilder code) {
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
  private Value elu(Value u, Value v, double scale, double alpha, ProgramBuilder code) {
    Value relu = relu(u, v, code);
    Value slope = exponential(expOfNegative(u, code), expOfNegative(v, code), code);
    Value rest = code.multiply(code.subtract(code.scalar(1), relu), code.scalar(scale * alpha));
    Value positive = scale == 1 ? relu : code.multiply(relu, code.scalar(scale));
    return code.add(positive, code.multiply(slope, rest));
  }

  private static Point expOfNegative(Value x, ProgramBuilder code) {
    Value negative = code.minimum(x, code.scalar(0));
    return new Point(negative, code.unary(UnaryOp.EXP, negative));
  }

  /**
   * With w = |u||v| if the signs differ, otherwise 0: (1 + 2w / (|u| + |v|)) / ((1 + |u|)(1 +
   * |v|)).
   */
  private static Value softsign(Value u, Value v, ProgramBuilder code) {
    Value one = code.scalar(1);
    Value sizeU = code.unary(UnaryOp.ABS, u);
    Value sizeV = code.unary(UnaryOp.ABS, v);
    Value opposite = code.unary(UnaryOp.RELU, code.unary(UnaryOp.NEGATE, code.multiply(u, v)));
    Value sum = code.add(code.add(sizeU, sizeV), code.scalar(TINY));
    Value numerator = code.add(code.multiply(code.divide(opposite, sum), code.scalar(2)), one);
    return code.divide(numerator, code.multiply(code.add(sizeU, one), code.add(sizeV, one)));
  }

  private Value softplus(Point u, Point v, ProgramBuilder code) {
    return simpson(u, v, x -> code.unary(UnaryOp.SIGMOID, x), code);
  }

  /** Slope of the normal distribution function, whose derivative is the normal density. */
  private Value normal(Point u, Point v, ProgramBuilder code) {
    return simpson(u, v, x -> normalDensity(x, code), code);
  }

  private static Value normalDensity(Value x, ProgramBuilder code) {
    Value exponent = code.multiply(code.multiply(x, x), code.scalar(-0.5));
    return code.multiply(
        code.unary(UnaryOp.EXP, exponent), code.scalar(1 / Math.sqrt(2 * Math.PI)));
  }

  private Value geluTanh(Point u, Point v, ProgramBuilder code) {
    Point argumentU = tanhAt(ActivationValues.geluArgument(u.x(), code), code);
    Point argumentV = tanhAt(ActivationValues.geluArgument(v.x(), code), code);
    Value ends = code.add(code.multiply(u.x(), u.x()), code.multiply(v.x(), v.x()));
    Value squares = code.add(ends, code.multiply(u.x(), v.x()));
    Value cubic =
        code.add(code.multiply(squares, code.scalar(ActivationValues.GELU_CUBIC)), code.scalar(1));
    Value inner = code.multiply(cubic, code.scalar(0.5 * ActivationValues.GELU_SCALE));
    return code.multiply(tanh(argumentU, argumentV, code), inner);
  }

  private Value mish(Point u, Point v, ProgramBuilder code) {
    Point outerU = tanhAt(code.unary(UnaryOp.SOFTPLUS, u.x()), code);
    Point outerV = tanhAt(code.unary(UnaryOp.SOFTPLUS, v.x()), code);
    Value inner = softplus(new Point(u.x(), outerU.x()), new Point(v.x(), outerV.x()), code);
    return code.multiply(tanh(outerU, outerV, code), inner);
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
