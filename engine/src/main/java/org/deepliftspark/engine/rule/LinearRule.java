package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Linear rule: multipliers go back through the adjoint of the op. Source: Shrikumar et al., ICML
 * 2017, section 3.5.1.
 */
final class LinearRule implements Rule {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public List<Value> backward(Node node, ForwardValues at, Value m, ProgramBuilder code) {
    if (node.op() instanceof Op.Binary binary) {
      return binary(binary.arithmetic(), node, at, m, code);
    } else if (node.op() instanceof Op.Concat concat) {
      return concat(concat, node, at, m, code);
    }
    return List.of(unary(node.op(), at.source(node, 0).shape(), m, code));
  }

  private static Value unary(Op op, Shape in, Value m, ProgramBuilder code) {
    if (op instanceof Op.Identity) {
      return m;
    } else if (op instanceof Op.Dense dense) {
      return code.dense(m, dense.weight(), true, null);
    } else if (op instanceof Op.Conv conv) {
      return code.convTranspose(m, conv.weight(), conv.geometry(), in);
    } else if (op instanceof Op.ChannelAffine affine) {
      return code.multiply(m, code.constant(Forward.alongAxis(affine.scale(), affine.axis(), in)));
    } else if (op instanceof Op.AveragePool pool) {
      return code.averageUnpool(m, pool.geometry(), pool.countPadding(), in);
    } else if (op instanceof Op.Reduce reduce) {
      return reduce(reduce, in, m, code);
    } else if (op instanceof Op.Reshape) {
      return code.reshape(m, in);
    } else if (op instanceof Op.Transpose transpose) {
      return code.transpose(m, inverse(transpose.permutation()));
    } else if (op instanceof Op.Slice slice) {
      return code.unslice(m, slice.starts(), slice.steps(), in);
    } else if (op instanceof Op.Pad pad) {
      return code.slice(m, pad.begin(), ones(in.rank()), in);
    }
    throw new IllegalStateException("Rule 'linear' does not apply to " + op.label());
  }

  private static Value reduce(Op.Reduce reduce, Shape in, Value m, ProgramBuilder code) {
    Shape kept = in;
    for (int axis : reduce.axes()) {
      kept = kept.with(axis, 1);
    }
    Value value = code.reshape(m, kept);
    if (reduce.reduction() == Op.Reduction.MEAN) {
      value = code.multiply(value, code.scalar((double) kept.size() / in.size()));
    }
    return code.expand(value, in);
  }

  private static List<Value> concat(
      Op.Concat concat, Node node, ForwardValues at, Value m, ProgramBuilder code) {
    List<Value> values = new ArrayList<>();
    int[] starts = new int[node.shape().rank()];
    for (int operand = 0; operand < node.inputs().size(); operand++) {
      Node source = at.source(node, operand);
      values.add(
          at.isActive(source.id())
              ? code.slice(m, starts.clone(), ones(starts.length), source.shape())
              : null);
      starts[concat.axis()] += source.shape().dim(concat.axis());
    }
    return values;
  }

  private static List<Value> binary(
      Op.Arithmetic arithmetic, Node node, ForwardValues at, Value m, ProgramBuilder code) {
    Node a = at.source(node, 0);
    Node b = at.source(node, 1);
    List<Value> values = new ArrayList<>();
    values.add(
        at.isActive(a.id())
            ? code.sumTo(left(arithmetic, at.input(b.id()), m, code), a.shape())
            : null);
    values.add(
        at.isActive(b.id())
            ? code.sumTo(right(arithmetic, at.input(a.id()), m, code), b.shape())
            : null);
    return values;
  }

  /**
   * Multiplier of the first operand; the second one does not depend on what is explained where
   * their product counts.
   */
  private static Value left(Op.Arithmetic arithmetic, Value second, Value m, ProgramBuilder code) {
    return switch (arithmetic) {
      case ADD, SUBTRACT -> m;
      case MULTIPLY -> code.multiply(m, second);
      case DIVIDE -> code.divide(m, second);
      case MINIMUM, MAXIMUM ->
          throw new IllegalStateException("Rule 'linear' does not apply to " + arithmetic);
    };
  }

  private static Value right(Op.Arithmetic arithmetic, Value first, Value m, ProgramBuilder code) {
    return switch (arithmetic) {
      case ADD -> m;
      case SUBTRACT -> code.unary(UnaryOp.NEGATE, m);
      case MULTIPLY -> code.multiply(m, first);
      case DIVIDE, MINIMUM, MAXIMUM ->
          throw new IllegalStateException("Rule 'linear' does not apply to " + arithmetic);
    };
  }

  private static int[] inverse(int[] permutation) {
    int[] inverse = new int[permutation.length];
    for (int axis = 0; axis < permutation.length; axis++) {
      inverse[permutation[axis]] = axis;
    }
    return inverse;
  }

  private static int[] ones(int length) {
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
