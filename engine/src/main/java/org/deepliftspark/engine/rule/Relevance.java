package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/** What the rules of layer-wise relevance propagation share. */
final class Relevance {
  private Relevance() {}

  /** In place of an epsilon where a method has none: far below any activation. */
  static final double LEAST_EPSILON = 1e-9;

  /** What a unit holds over what is shared out, which is kept away from 0. */
  static Value ratio(Value held, Value shared, double epsilon, ProgramBuilder code) {
    Value below = code.binary(BinaryOp.LESS, shared, code.scalar(0));
    Value sign = code.subtract(code.scalar(1), code.multiply(code.scalar(2), below));
    return code.divide(held, code.add(shared, code.multiply(code.scalar(epsilon), sign)));
  }

  /** The same, but 0 where nothing is shared out. */
  static Value ratioOrNothing(Value held, Value shared, ProgramBuilder code) {
    Value none = code.binary(BinaryOp.EQUAL, shared, code.scalar(0));
    Value ratio = ratio(held, code.add(shared, none), LEAST_EPSILON, code);
    return code.multiply(ratio, code.subtract(code.scalar(1), none));
  }
}
