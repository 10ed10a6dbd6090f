package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Multiplication by a factor that may be negative: then the positive and the negative part change
 * places.
 */
final class Signed {
  private Signed() {}

  static Multipliers backward(Multipliers m, Value factor, ProgramBuilder code) {
    if (!m.isSplit()) {
      return Multipliers.of(code.multiply(m.positive(), factor));
    }
    Value up = code.unary(UnaryOp.RELU, factor);
    Value down = code.minimum(factor, code.scalar(0));
    return new Multipliers(
        code.add(code.multiply(m.positive(), up), code.multiply(m.negative(), down)),
        code.add(code.multiply(m.negative(), up), code.multiply(m.positive(), down)));
  }

  static Parts forward(Parts in, Value factor, ProgramBuilder code) {
    Value up = code.unary(UnaryOp.RELU, factor);
    Value down = code.minimum(factor, code.scalar(0));
    return new Parts(
        code.add(code.multiply(in.positive(), up), code.multiply(in.negative(), down)),
        code.add(code.multiply(in.negative(), up), code.multiply(in.positive(), down)));
  }
}
