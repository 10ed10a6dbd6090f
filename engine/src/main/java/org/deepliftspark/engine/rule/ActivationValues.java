package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/** What activations compute, in primitives of the program, for {@link ActivationTable}. */
final class ActivationValues {
  /** Klambauer et al. 2017, as in Keras and PyTorch. */
  static final double SELU_SCALE = 1.0507009873554805;

  static final double SELU_ALPHA = 1.6732632423543772;

  /** Constants of the tanh form of GELU (Hendrycks and Gimpel 2016). */
  static final double GELU_SCALE = Math.sqrt(2 / Math.PI);

  static final double GELU_CUBIC = 0.044715;

  /** Howard et al. 2019 (MobileNetV3). */
  static final double HARD_SWISH_SLOPE = 1.0 / 6;

  /** The square of what is larger may leave the range of float. */
  private static final double SQUARE_BELOW = 1e18;

  private ActivationValues() {}

  static Value clip(Value x, double low, double high, ProgramBuilder code) {
    Value raised = low == Double.NEGATIVE_INFINITY ? x : code.maximum(x, code.scalar(low));
    return high == Double.POSITIVE_INFINITY ? raised : code.minimum(raised, code.scalar(high));
  }

  static Value affine(Value x, double slope, double offset, ProgramBuilder code) {
    return code.add(code.multiply(x, code.scalar(slope)), code.scalar(offset));
  }

  static Value hardSigmoid(Value x, double slope, double offset, ProgramBuilder code) {
    return clip(affine(x, slope, offset, code), 0, 1, code);
  }

  static Value hardSwish(Value x, ProgramBuilder code) {
    return code.multiply(x, hardSigmoid(x, HARD_SWISH_SLOPE, 0.5, code));
  }

  static Value selu(Value x, ProgramBuilder code) {
    return elu(x, SELU_SCALE, SELU_ALPHA, 1, code);
  }

  static Value mishGate(Value x, ProgramBuilder code) {
    return code.unary(UnaryOp.TANH, code.unary(UnaryOp.SOFTPLUS, x));
  }

  static Value logSigmoid(Value x, ProgramBuilder code) {
    Value softplus = code.unary(UnaryOp.SOFTPLUS, code.unary(UnaryOp.NEGATE, x));
    return code.unary(UnaryOp.NEGATE, softplus);
  }

  /** x above the threshold, otherwise another number. */
  static Value thresholded(Value x, double threshold, double otherwise, ProgramBuilder code) {
    Value above = above(x, threshold, code);
    return otherwise == 0 ? code.multiply(x, above) : code.select(above, x, code.scalar(otherwise));
  }

  static Value hardShrink(Value x, double width, ProgramBuilder code) {
    return code.multiply(x, above(code.unary(UnaryOp.ABS, x), width, code));
  }

  static Value squareplus(Value x, double b, ProgramBuilder code) {
    return code.multiply(code.add(x, squareplusRoot(x, b, code)), code.scalar(0.5));
  }

  /** The square root of x^2 + b; that of a large x is |x|, and its square would be infinite. */
  static Value squareplusRoot(Value x, double b, ProgramBuilder code) {
    Value size = code.unary(UnaryOp.ABS, x);
    Value bounded = code.minimum(size, code.scalar(SQUARE_BELOW));
    Value root =
        code.unary(UnaryOp.SQRT, code.add(code.multiply(bounded, bounded), code.scalar(b)));
    return code.maximum(root, size);
  }

  /** 0 up to -1, (x + 1)^2 / 4 up to 1, then x. */
  static Value sparsePlus(Value x, ProgramBuilder code) {
    Value bent = code.add(clip(x, -1, 1, code), code.scalar(1));
    Value square = code.multiply(code.multiply(bent, bent), code.scalar(0.25));
    return code.add(square, code.unary(UnaryOp.RELU, code.subtract(x, code.scalar(1))));
  }

  static Value onePlusSize(Value x, ProgramBuilder code) {
    return code.add(code.unary(UnaryOp.ABS, x), code.scalar(1));
  }

  /** 1 where x is below a threshold, otherwise 0. */
  static Value below(Value x, double threshold, ProgramBuilder code) {
    return code.binary(BinaryOp.LESS, x, code.scalar(threshold));
  }

  /** 1 where x is above a threshold, otherwise 0. */
  static Value above(Value x, double threshold, ProgramBuilder code) {
    return code.binary(BinaryOp.LESS, code.scalar(threshold), x);
  }

  static Value leaky(Value x, Value slope, ProgramBuilder code) {
    Value negative = code.multiply(code.minimum(x, code.scalar(0)), slope);
    return code.add(code.unary(UnaryOp.RELU, x), negative);
  }

  static Value elu(Value x, double scale, double alpha, double inner, ProgramBuilder code) {
    Value exp = code.unary(UnaryOp.EXP, exponent(x, inner, code));
    Value negative = code.multiply(code.subtract(exp, code.scalar(1)), code.scalar(scale * alpha));
    Value positive = code.unary(UnaryOp.RELU, x);
    return code.add(scale == 1 ? positive : code.multiply(positive, code.scalar(scale)), negative);
  }

  /** What ELU and its kin take the exponential of. */
  static Value exponent(Value x, double inner, ProgramBuilder code) {
    Value negative = code.minimum(x, code.scalar(0));
    return inner == 1 ? negative : code.multiply(negative, code.scalar(inner));
  }

  /** The standard normal distribution function. */
  static Value normalDistribution(Value x, ProgramBuilder code) {
    Value erf = code.unary(UnaryOp.ERF, code.multiply(x, code.scalar(Math.sqrt(0.5))));
    return code.multiply(code.add(erf, code.scalar(1)), code.scalar(0.5));
  }

  /** Its approximation by tanh. */
  static Value normalByTanh(Value x, ProgramBuilder code) {
    Value tanh = code.unary(UnaryOp.TANH, geluArgument(x, code));
    return code.multiply(code.add(tanh, code.scalar(1)), code.scalar(0.5));
  }

  static Value geluArgument(Value x, ProgramBuilder code) {
    Value cubic = code.multiply(code.multiply(x, x), code.scalar(GELU_CUBIC));
    return code.multiply(
        code.multiply(x, code.add(cubic, code.scalar(1))), code.scalar(GELU_SCALE));
  }
}
