package org.deepliftspark.engine.rule;

import static org.deepliftspark.engine.rule.ActivationValues.above;
import static org.deepliftspark.engine.rule.ActivationValues.below;

import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/** Derivatives of activations that are longer than a line of {@link ActivationTable}. */
final class ActivationDerivatives {
  private ActivationDerivatives() {}

  static Value leaky(Value x, Value alpha, ProgramBuilder code) {
    Value above = above(x, 0, code);
    return code.add(code.multiply(above, code.subtract(code.scalar(1), alpha)), alpha);
  }

  static Value sigmoid(Value y, ProgramBuilder code) {
    return code.multiply(y, code.subtract(code.scalar(1), y));
  }

  static Value tanh(Value y, ProgramBuilder code) {
    return code.subtract(code.scalar(1), code.multiply(y, y));
  }

  static Value elu(Value x, double scale, double alpha, double inner, ProgramBuilder code) {
    Value above = above(x, 0, code);
    Value exp = code.unary(UnaryOp.EXP, ActivationValues.exponent(x, inner, code));
    Value negative = code.multiply(exp, code.scalar(scale * alpha * inner));
    Value rest = code.multiply(code.subtract(code.scalar(1), above), negative);
    return code.add(scale == 1 ? above : code.multiply(above, code.scalar(scale)), rest);
  }

  static Value softsign(Value x, ProgramBuilder code) {
    Value size = ActivationValues.onePlusSize(x, code);
    return code.divide(code.scalar(1), code.multiply(size, size));
  }

  static Value gelu(Value x, ProgramBuilder code) {
    Value density = SecantSlopes.normalDensity(x, code);
    return code.add(ActivationValues.normalDistribution(x, code), code.multiply(x, density));
  }

  static Value geluTanh(Value x, ProgramBuilder code) {
    Value tanh = code.unary(UnaryOp.TANH, ActivationValues.geluArgument(x, code));
    Value gate = code.multiply(tanh(tanh, code), SecantSlopes.geluInner(x, x, code));
    return code.add(ActivationValues.normalByTanh(x, code), code.multiply(x, gate));
  }

  static Value silu(Value x, ProgramBuilder code) {
    Value gate = code.unary(UnaryOp.SIGMOID, x);
    return code.add(gate, code.multiply(x, sigmoid(gate, code)));
  }

  static Value mish(Value x, ProgramBuilder code) {
    Value gate = ActivationValues.mishGate(x, code);
    Value slope = code.multiply(tanh(gate, code), code.unary(UnaryOp.SIGMOID, x));
    return code.add(gate, code.multiply(x, slope));
  }

  static Value clip(Value x, double low, double high, ProgramBuilder code) {
    return code.multiply(above(x, low, code), below(x, high, code));
  }

  static Value hardSigmoid(Value x, double slope, double offset, ProgramBuilder code) {
    Value inside = clip(x, -offset / slope, (1 - offset) / slope, code);
    return code.multiply(inside, code.scalar(slope));
  }

  static Value hardSwish(Value x, ProgramBuilder code) {
    double slope = ActivationValues.HARD_SWISH_SLOPE;
    Value gate = ActivationValues.hardSigmoid(x, slope, 0.5, code);
    return code.add(gate, code.multiply(x, hardSigmoid(x, slope, 0.5, code)));
  }

  static Value hardShrink(Value x, double width, ProgramBuilder code) {
    return above(code.unary(UnaryOp.ABS, x), width, code);
  }

  static Value tanhShrink(Value x, ProgramBuilder code) {
    Value tanh = code.unary(UnaryOp.TANH, x);
    return code.multiply(tanh, tanh);
  }

  static Value squareplus(Value x, double b, ProgramBuilder code) {
    Value ratio = code.divide(x, ActivationValues.squareplusRoot(x, b, code));
    return code.multiply(code.add(ratio, code.scalar(1)), code.scalar(0.5));
  }

  static Value sparsePlus(Value x, ProgramBuilder code) {
    Value bent = code.add(ActivationValues.clip(x, -1, 1, code), code.scalar(1));
    Value inside = code.multiply(clip(x, -1, 1, code), code.multiply(bent, code.scalar(0.5)));
    return code.add(inside, code.subtract(code.scalar(1), below(x, 1, code)));
  }

  static Value erf(Value x, ProgramBuilder code) {
    Value exp = code.unary(UnaryOp.EXP, code.unary(UnaryOp.NEGATE, code.multiply(x, x)));
    return code.multiply(exp, code.scalar(2 / Math.sqrt(Math.PI)));
  }
}
