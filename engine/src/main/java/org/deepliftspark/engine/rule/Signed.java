package org.deepliftspark.engine.rule;

import java.util.function.BinaryOperator;
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
    return backward(m, factor, code::multiply, code);
  }

  static Parts forward(Parts in, Value factor, ProgramBuilder code) {
    return forward(in, factor, code::multiply, code);
  }

  /**
   * @param product of a multiplier and a factor; linear in both
   */
  static Multipliers backward(
      Multipliers m, Value factor, BinaryOperator<Value> product, ProgramBuilder code) {
    if (!m.isSplit()) {
      return Multipliers.of(product.apply(m.positive(), factor));
    }
    Value up = code.unary(UnaryOp.RELU, factor);
    Value down = code.minimum(factor, code.scalar(0));
    return new Multipliers(
        code.add(product.apply(m.positive(), up), product.apply(m.negative(), down)),
        code.add(product.apply(m.negative(), up), product.apply(m.positive(), down)));
  }

  /**
   * @param product of a part and a factor; linear in both
   */
  static Parts forward(Parts in, Value factor, BinaryOperator<Value> product, ProgramBuilder code) {
    Value up = code.unary(UnaryOp.RELU, factor);
    Value down = code.minimum(factor, code.scalar(0));
    return new Parts(
        code.add(product.apply(in.positive(), up), product.apply(in.negative(), down)),
        code.add(product.apply(in.negative(), up), product.apply(in.positive(), down)));
  }
}
