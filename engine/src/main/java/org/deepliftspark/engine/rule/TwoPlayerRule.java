package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Shapley values of two players: each operand's multiplier is its secant slope averaged over the
 * other operand at the input and at the reference. For a product that is the mean of the other
 * operand (Shrikumar et al. 2016, element-wise products).
 */
final class TwoPlayerRule implements Rule {
  @Override
  public String name() {
    return "two-player";
  }

  @Override
  public List<Value> backward(Node node, ForwardValues at, Value m, ProgramBuilder code) {
    Node a = at.source(node, 0);
    Node b = at.source(node, 1);
    Op.Arithmetic arithmetic = ((Op.Binary) node.op()).arithmetic();
    Operand first = new Operand(at.input(a.id()), at.reference(a.id()));
    Operand second = new Operand(at.input(b.id()), at.reference(b.id()));
    Value left =
        at.isActive(a.id())
            ? code.sumTo(code.multiply(m, left(arithmetic, first, second, code)), a.shape())
            : null;
    Value right =
        at.isActive(b.id())
            ? code.sumTo(code.multiply(m, right(arithmetic, first, second, code)), b.shape())
            : null;
    return Arrays.asList(left, right);
  }

  private static Value left(Op.Arithmetic arithmetic, Operand a, Operand b, ProgramBuilder code) {
    return switch (arithmetic) {
      case MULTIPLY -> b.mean(code);
      case DIVIDE -> code.divide(b.mean(code), code.multiply(b.input(), b.reference()));
      case MAXIMUM -> maximum(a, b, code);
      case MINIMUM -> code.subtract(code.scalar(1), maximum(a, b, code));
      case ADD, SUBTRACT ->
          throw new IllegalStateException("Rule 'two-player' does not apply to " + arithmetic);
    };
  }

  private static Value right(Op.Arithmetic arithmetic, Operand a, Operand b, ProgramBuilder code) {
    return switch (arithmetic) {
      case DIVIDE -> {
        Value slope = code.divide(a.mean(code), code.multiply(b.input(), b.reference()));
        yield code.unary(UnaryOp.NEGATE, slope);
      }
      case MULTIPLY, MAXIMUM, MINIMUM -> left(arithmetic, b, a, code);
      case ADD, SUBTRACT ->
          throw new IllegalStateException("Rule 'two-player' does not apply to " + arithmetic);
    };
  }

  /** max(a, c) = c + relu(a - c): see {@link SecantSlopes#maximum}. */
  private static Value maximum(Operand a, Operand b, ProgramBuilder code) {
    Value atInput =
        SecantSlopes.maximum(
            code.subtract(a.input(), b.input()), code.subtract(a.reference(), b.input()), code);
    Value atReference =
        SecantSlopes.maximum(
            code.subtract(a.input(), b.reference()),
            code.subtract(a.reference(), b.reference()),
            code);
    return code.multiply(code.add(atInput, atReference), code.scalar(0.5));
  }

  private record Operand(Value input, Value reference) {
    Value mean(ProgramBuilder code) {
      return input == reference
          ? input
          : code.multiply(code.add(input, reference), code.scalar(0.5));
    }
  }
}
