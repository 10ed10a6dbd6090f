package org.deepliftspark.engine.rule;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/** Adjoints of linear ops of one operand. */
final class Adjoint {
  private Adjoint() {}

  /**
   * @param in shape of the op's operand
   * @param m shaped as the op's result
   */
  static Value of(Op op, Shape in, Value m, ProgramBuilder code) {
    if (op instanceof Op.Identity) {
      return m;
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

  static int[] inverse(int[] permutation) {
    int[] inverse = new int[permutation.length];
    for (int axis = 0; axis < permutation.length; axis++) {
      inverse[permutation[axis]] = axis;
    }
    return inverse;
  }

  static int[] ones(int length) {
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
