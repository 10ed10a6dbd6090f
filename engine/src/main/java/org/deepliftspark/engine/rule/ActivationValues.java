package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * What each activation computes, in primitives of the program. {@link SecantSlopes} has the slope
 * of each, in the same order.
 */
final class ActivationValues {
  /** Klambauer et al. 2017, as in Keras and PyTorch. */
  static final double SELU_SCALE = 1.0507009873554805;

  static final double SELU_ALPHA = 1.6732632423543772;

  /** Constants of the tanh form of GELU (Hendrycks and Gimpel 2016). */
  static final double GELU_SCALE = Math.sqrt(2 / Math.PI);

  static final double GELU_CUBIC = 0.044715;

  /** Howard et al. 2019 (MobileNetV3). */
  static final double HARD_SWISH_SLOPE = 1.0 / 6;

  private ActivationValues() {}

  static Value value(ActivationFunction function, Value x, ProgramBuilder code) {
    return switch (function.kind()) {
      case RELU -> code.unary(UnaryOp.RELU, x);
      case LEAKY_RELU -> leaky(x, code.scalar(function.alpha()), code);
      case PRELU -> leaky(x, code.constant(function.slopes()), code);
      case SIGMOID -> code.unary(UnaryOp.SIGMOID, x);
      case TANH -> code.unary(UnaryOp.TANH, x);
      case EXPONENTIAL -> code.unary(UnaryOp.EXP, x);
      case ELU -> elu(x, 1, function.alpha(), 1, code);
      case SELU -> elu(x, SELU_SCALE, SELU_ALPHA, 1, code);
      case CELU -> elu(x, 1, function.alpha(), 1 / (double) function.alpha(), code);
      case SOFTPLUS -> code.unary(UnaryOp.SOFTPLUS, x);
      case SOFTSIGN -> code.divide(x, code.add(code.unary(UnaryOp.ABS, x), code.scalar(1)));
      case SILU -> code.multiply(x, code.unary(UnaryOp.SIGMOID, x));
      case GELU -> code.multiply(x, normalDistribution(x, code));
      case GELU_TANH -> code.multiply(x, normalByTanh(x, code));
      case MISH -> code.multiply(x, code.unary(UnaryOp.TANH, code.unary(UnaryOp.SOFTPLUS, x)));
      case LOG_SIGMOID ->
          code.unary(UnaryOp.NEGATE, code.unary(UnaryOp.SOFTPLUS, code.unary(UnaryOp.NEGATE, x)));
      case CLIP -> clip(x, function.alpha(), function.beta(), code);
      case HARD_SIGMOID -> hardSigmoid(x, function.alpha(), function.beta(), code);
      case HARD_SWISH -> code.multiply(x, hardSigmoid(x, HARD_SWISH_SLOPE, 0.5, code));
      case THRESHOLDED_RELU -> code.multiply(x, above(x, function.alpha(), code));
      case SOFT_SHRINK -> code.subtract(x, clip(x, -function.alpha(), function.alpha(), code));
      case ABS -> code.unary(UnaryOp.ABS, x);
      case SQUARE -> code.multiply(x, x);
      case CUBE -> code.multiply(code.multiply(x, x), x);
      case SQRT -> code.unary(UnaryOp.SQRT, x);
      case LOG -> code.unary(UnaryOp.LOG, x);
      case RECIPROCAL -> code.divide(code.scalar(1), x);
    };
  }

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

  /** 1 where x is above a threshold, otherwise 0. */
  static Value above(Value x, double threshold, ProgramBuilder code) {
    return code.binary(BinaryOp.LESS, code.scalar(threshold), x);
  }

  private static Value leaky(Value x, Value slope, ProgramBuilder code) {
    Value negative = code.multiply(code.minimum(x, code.scalar(0)), slope);
    return code.add(code.unary(UnaryOp.RELU, x), negative);
  }

  private static Value elu(Value x, double scale, double alpha, double inner, ProgramBuilder code) {
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
