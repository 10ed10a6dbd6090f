package org.deepliftspark.engine.rule;

import java.util.ArrayList;
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
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    List<Multipliers> result = new ArrayList<>();
    for (int operand = 0; operand < 2; operand++) {
      Node source = at.source(node, operand);
      Value slope = at.isActive(source.id()) ? slope(node, operand, at, code) : null;
      result.add(
          slope == null
              ? null
              : multipliers.map(m -> code.sumTo(code.multiply(m, slope), source.shape())));
    }
    return result;
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    Parts sum = null;
    for (int operand = 0; operand < 2; operand++) {
      if (at.isActive(node.inputs().get(operand))) {
        Parts parts =
            at.parts(node.inputs().get(operand), code).times(slope(node, operand, at, code), code);
        sum = sum == null ? parts : sum.plus(parts, code);
      }
    }
    return sum;
  }

  private static Value slope(Node node, int operand, ForwardValues at, ProgramBuilder code) {
    Op.Arithmetic arithmetic = ((Op.Binary) node.op()).arithmetic();
    int a = node.inputs().get(0);
    int b = node.inputs().get(1);
    Operand first = new Operand(at.input(a), at.reference(a));
    Operand second = new Operand(at.input(b), at.reference(b));
    return operand == 0
        ? left(arithmetic, first, second, code)
        : right(arithmetic, first, second, code);
  }

  private static Value left(Op.Arithmetic arithmetic, Operand a, Operand b, ProgramBuilder code) {
    return switch (arithmetic) {
      case MULTIPLY -> b.mean(code);
      case DIVIDE -> code.divide(b.mean(code), code.multiply(b.input(), b.reference()));
      case MAXIMUM -> maximum(a, b, code);
      // max(-a, -b): 1 - the slope of the maximum would cancel where a is large and loses
      case MINIMUM -> maximum(a.negated(code), b.negated(code), code);
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
    Operand negated(ProgramBuilder code) {
      return new Operand(code.unary(UnaryOp.NEGATE, input), code.unary(UnaryOp.NEGATE, reference));
    }

    Value mean(ProgramBuilder code) {
      return code.mean(input, reference);
    }
  }
}
