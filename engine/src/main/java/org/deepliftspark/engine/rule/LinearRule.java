package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Linear rule: multipliers go back through the adjoint of the op, parts of the delta through the op
 * itself. Layers with weights of both signs are {@link WeightedRule}'s. Source: Shrikumar et al.,
 * ICML 2017, section 3.5.1.
 */
final class LinearRule implements Rule {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers m, ProgramBuilder code) {
    if (node.op() instanceof Op.Binary binary) {
      return binary(binary.arithmetic(), node, at, m, code);
    } else if (node.op() instanceof Op.Concat concat) {
      return concat(concat, node, at, m, code);
    }
    Node source = at.source(node, 0);
    return List.of(m.map(value -> Adjoint.of(node.op(), source.shape(), value, code)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    if (node.op() instanceof Op.Binary binary) {
      return binaryParts(binary.arithmetic(), node, at, code);
    } else if (node.op() instanceof Op.Concat concat) {
      return concatParts(concat, node, at, code);
    }
    return at.parts(node.inputs().get(0), code).map(part -> Forward.ofDelta(node, part, code));
  }

  private static List<Multipliers> concat(
      Op.Concat concat, Node node, ForwardValues at, Multipliers m, ProgramBuilder code) {
    List<Multipliers> result = new ArrayList<>();
    int[] starts = new int[node.shape().rank()];
    for (int operand = 0; operand < node.inputs().size(); operand++) {
      Node source = at.source(node, operand);
      int[] from = starts.clone();
      result.add(
          at.isActive(source.id())
              ? m.map(v -> code.slice(v, from, Adjoint.ones(from.length), source.shape()))
              : null);
      starts[concat.axis()] += source.shape().dim(concat.axis());
    }
    return result;
  }

  private static Parts concatParts(
      Op.Concat concat, Node node, ForwardValues at, ProgramBuilder code) {
    List<Value> positive = new ArrayList<>();
    List<Value> negative = new ArrayList<>();
    for (int operand = 0; operand < node.inputs().size(); operand++) {
      Node source = at.source(node, operand);
      Parts parts =
          at.isActive(source.id())
              ? at.parts(source.id(), code)
              : zeros(at.input(source.id()), code);
      positive.add(parts.positive());
      negative.add(parts.negative());
    }
    return new Parts(code.concat(positive, concat.axis()), code.concat(negative, concat.axis()));
  }

  private static Parts zeros(Value like, ProgramBuilder code) {
    Value zero = code.subtract(like, like);
    return new Parts(zero, zero);
  }

  private static List<Multipliers> binary(
      Op.Arithmetic arithmetic, Node node, ForwardValues at, Multipliers m, ProgramBuilder code) {
    List<Multipliers> result = new ArrayList<>();
    for (int operand = 0; operand < 2; operand++) {
      Node source = at.source(node, operand);
      Multipliers out =
          at.isActive(source.id()) ? operand(arithmetic, node, operand, at, m, code) : null;
      result.add(out == null ? null : out.map(value -> code.sumTo(value, source.shape())));
    }
    return result;
  }

  private static Multipliers operand(
      Op.Arithmetic arithmetic,
      Node node,
      int operand,
      ForwardValues at,
      Multipliers m,
      ProgramBuilder code) {
    return switch (arithmetic) {
      case ADD -> m;
      case SUBTRACT -> operand == 0 ? m : m.negated(code);
      case MULTIPLY, DIVIDE ->
          Signed.backward(m, factor(arithmetic, node, operand, at, code), code);
      case MINIMUM, MAXIMUM ->
          throw new IllegalStateException("Rule 'linear' does not apply to " + arithmetic);
    };
  }

  private static Parts binaryParts(
      Op.Arithmetic arithmetic, Node node, ForwardValues at, ProgramBuilder code) {
    Parts sum = null;
    for (int operand = 0; operand < 2; operand++) {
      if (at.isActive(node.inputs().get(operand))) {
        Parts in = at.parts(node.inputs().get(operand), code);
        Parts parts =
            switch (arithmetic) {
              case ADD -> in;
              case SUBTRACT -> operand == 0 ? in : in.negated(code);
              case MULTIPLY, DIVIDE ->
                  Signed.forward(in, factor(arithmetic, node, operand, at, code), code);
              case MINIMUM, MAXIMUM ->
                  throw new IllegalStateException("Rule 'linear' does not apply to " + arithmetic);
            };
        sum = sum == null ? parts : sum.plus(parts, code);
      }
    }
    return sum.map(part -> code.broadcastTo(part, node.shape()));
  }

  /**
   * What the operand is multiplied by: the other operand, which does not depend on what is
   * explained, or its inverse.
   */
  private static Value factor(
      Op.Arithmetic arithmetic, Node node, int operand, ForwardValues at, ProgramBuilder code) {
    Value other = at.input(node.inputs().get(1 - operand));
    return arithmetic == Op.Arithmetic.MULTIPLY ? other : code.divide(code.scalar(1), other);
  }
}
