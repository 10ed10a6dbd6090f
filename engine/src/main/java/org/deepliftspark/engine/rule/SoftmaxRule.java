package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Softmax decomposed, per vector: z - max(z), exp, and the product with the inverse of the sum. Exp
 * has its secant slope, the sum is linear, the product goes by the two-player rule, and the maximum
 * by cross-maximum.
 *
 * <p>The maximum is part of the decomposition because without it the slopes of exp grow without
 * bound where the logits of input and reference differ by much; with it every exponential lies
 * between 0 and 1 and every sum between 1 and its length.
 *
 * @param secants slopes in the precision of the program
 */
record SoftmaxRule(SecantSlopes secants) implements Rule {
  @Override
  public String name() {
    return "softmax";
  }

  @Override
  public List<Value> backward(Node node, ForwardValues at, Value m, ProgramBuilder code) {
    int axis = ((Op.Softmax) node.op()).axis();
    Value x = at.input(node.inputs().get(0));
    Value r = at.reference(node.inputs().get(0));
    Value centred =
        throughExpAndQuotient(centred(x, axis, code), centred(r, axis, code), m, axis, code);
    Value ofMaximum = code.unary(UnaryOp.NEGATE, code.reduce(Reduction.SUM, centred, axis));
    return List.of(code.add(centred, throughMaximum(x, r, ofMaximum, axis, code)));
  }

  private static Value centred(Value x, int axis, ProgramBuilder code) {
    return code.subtract(x, code.reduce(Reduction.MAX, x, axis));
  }

  private Value throughExpAndQuotient(Value x, Value r, Value m, int axis, ProgramBuilder code) {
    Value expX = code.unary(UnaryOp.EXP, x);
    Value expR = code.unary(UnaryOp.EXP, r);
    Value sumX = code.reduce(Reduction.SUM, expX, axis);
    Value sumR = code.reduce(Reduction.SUM, expR, axis);
    Value inverses = code.divide(code.scalar(1), code.multiply(sumX, sumR));
    Value meanInverse =
        code.multiply(code.multiply(code.add(sumX, sumR), inverses), code.scalar(0.5));
    Value meanExp = code.multiply(code.add(expX, expR), code.scalar(0.5));
    Value ofInverse = code.reduce(Reduction.SUM, code.multiply(m, meanExp), axis);
    Value ofExp = code.subtract(code.multiply(m, meanInverse), code.multiply(ofInverse, inverses));
    return code.multiply(ofExp, secants.exponential(x, r, expX, expR, code));
  }

  /** The maximum over an axis as a pool with one window, whose axis must be the last. */
  private static Value throughMaximum(Value x, Value r, Value m, int axis, ProgramBuilder code) {
    Shape shape = x.shape();
    int[] toLast = swap(shape.rank(), axis);
    int length = shape.dim(axis);
    int[] cells = {length};
    PoolGeometry window = new PoolGeometry(cells, cells, new int[1], new int[1]);
    Shape vectors = Shape.of(shape.size() / length, length);
    Value flatX = code.reshape(code.transpose(x, toLast), vectors);
    Value flatR = code.reshape(code.transpose(r, toLast), vectors);
    Value flatM = code.reshape(code.transpose(m, toLast), Shape.of(vectors.dim(0), 1));
    Value unpooled = MaxPoolRule.crossMaximum(flatX, flatR, flatM, window, code);
    return code.transpose(code.reshape(unpooled, shape.permuted(toLast)), toLast);
  }

  /** Exchanges an axis with the last; its own inverse. */
  private static int[] swap(int rank, int axis) {
    int[] permutation = new int[rank];
    for (int i = 0; i < rank; i++) {
      permutation[i] = i;
    }
    permutation[axis] = rank - 1;
    permutation[rank - 1] = axis;
    return permutation;
  }
}
