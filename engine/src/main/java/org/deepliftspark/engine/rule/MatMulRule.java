package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Product of two matrices. Where both depend on what is explained, each is multiplied by the mean
 * of the other over input and reference, as in {@link TwoPlayerRule}: the sums over the products of
 * elements are products of matrices again. Where one does not, it is a layer with weights of both
 * signs.
 *
 * @param twoPlayers whether both operands depend on what is explained
 */
record MatMulRule(boolean twoPlayers) implements Rule {
  @Override
  public String name() {
    return twoPlayers ? "two-player" : "linear";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    List<Multipliers> result = new ArrayList<>();
    for (int operand = 0; operand < 2; operand++) {
      Node source = at.source(node, operand);
      result.add(
          at.isActive(source.id())
              ? backward(node, operand, at, multipliers, code)
                  .map(value -> code.sumTo(value, source.shape()))
              : null);
    }
    return result;
  }

  private Multipliers backward(
      Node node, int operand, ForwardValues at, Multipliers m, ProgramBuilder code) {
    Value other = transposed(other(node, operand, at, code), code);
    return twoPlayers
        ? m.map(value -> product(operand, value, other, code))
        : Signed.backward(m, other, (value, factor) -> product(operand, value, factor, code), code);
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    Parts sum = null;
    for (int operand = 0; operand < 2; operand++) {
      int source = node.inputs().get(operand);
      if (at.isActive(source)) {
        Parts parts = parts(at.parts(source, code), operand, other(node, operand, at, code), code);
        sum = sum == null ? parts : sum.plus(parts, code);
      }
    }
    return sum;
  }

  private Parts parts(Parts in, int operand, Value other, ProgramBuilder code) {
    return twoPlayers
        ? in.map(part -> product(operand, part, other, code))
        : Signed.forward(in, other, (part, factor) -> product(operand, part, factor, code), code);
  }

  /** The mean of the other operand over input and reference. */
  private static Value other(Node node, int operand, ForwardValues at, ProgramBuilder code) {
    int id = node.inputs().get(1 - operand);
    return code.mean(at.input(id), at.reference(id));
  }

  /** The product with what takes the place of one operand. */
  private static Value product(int operand, Value value, Value other, ProgramBuilder code) {
    return operand == 0 ? code.matMul(value, other) : code.matMul(other, value);
  }

  private static Value transposed(Value matrices, ProgramBuilder code) {
    int rank = matrices.shape().rank();
    int[] permutation = new int[rank];
    Arrays.setAll(permutation, axis -> axis < rank - 2 ? axis : 2 * rank - 3 - axis);
    return code.transpose(matrices, permutation);
  }
}
