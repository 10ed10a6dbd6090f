package org.deepliftspark.engine.rule;

import java.util.function.UnaryOperator;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Multipliers of a node's positive and negative contributions. They differ only behind a
 * RevealCancel activation, up to the next layer with weights; elsewhere they are one and the same
 * value, and so is the work.
 *
 * @param positive multiplier of the positive part, shaped as the node
 * @param negative multiplier of the negative part
 */
public record Multipliers(Value positive, Value negative) {

  public static Multipliers of(Value both) {
    return new Multipliers(both, both);
  }

  public boolean isSplit() {
    return positive != negative;
  }

  /** Applies a step that treats both parts alike. */
  Multipliers map(UnaryOperator<Value> step) {
    Value first = step.apply(positive);
    return isSplit() ? new Multipliers(first, step.apply(negative)) : of(first);
  }

  Multipliers plus(Multipliers other, ProgramBuilder code) {
    Value first = code.add(positive, other.positive);
    return isSplit() || other.isSplit()
        ? new Multipliers(first, code.add(negative, other.negative))
        : of(first);
  }

  /** The parts exchanged and negated: what a negative sign does. */
  Multipliers negated(ProgramBuilder code) {
    Value first = code.unary(UnaryOp.NEGATE, negative);
    return isSplit() ? new Multipliers(first, code.unary(UnaryOp.NEGATE, positive)) : of(first);
  }

  /** Half the sum, which is what is reported where the parts differ. */
  Value mean(ProgramBuilder code) {
    return isSplit() ? code.multiply(code.add(positive, negative), code.scalar(0.5)) : positive;
  }
}
