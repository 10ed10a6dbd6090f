package org.deepliftspark.engine.rule;

import java.util.function.UnaryOperator;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * The positive and the negative part of a node's delta; their sum is the delta.
 *
 * @param positive what raises it
 * @param negative what lowers it
 */
public record Parts(Value positive, Value negative) {

  /** The parts by the sign of a value itself, as at the input. */
  static Parts bySign(Value delta, ProgramBuilder code) {
    return new Parts(code.unary(UnaryOp.RELU, delta), code.minimum(delta, code.scalar(0)));
  }

  /**
   * (delta + size) / 2 and (delta - size) / 2, with size the sum of the absolute values of what is
   * added up.
   */
  static Parts ofSize(Value delta, Value size, ProgramBuilder code) {
    Value half = code.scalar(0.5);
    return new Parts(
        code.multiply(code.add(delta, size), half),
        code.multiply(code.subtract(delta, size), half));
  }

  Parts map(UnaryOperator<Value> step) {
    return new Parts(step.apply(positive), step.apply(negative));
  }

  Parts times(Value local, ProgramBuilder code) {
    return map(part -> code.multiply(part, local));
  }

  Parts plus(Parts other, ProgramBuilder code) {
    return new Parts(code.add(positive, other.positive), code.add(negative, other.negative));
  }

  Parts negated(ProgramBuilder code) {
    return new Parts(code.unary(UnaryOp.NEGATE, negative), code.unary(UnaryOp.NEGATE, positive));
  }
}
