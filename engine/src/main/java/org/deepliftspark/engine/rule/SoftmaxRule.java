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
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    Pieces pieces = pieces(node, at, code);
    return List.of(multipliers.map(m -> pieces.backward(m, code)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    Pieces pieces = pieces(node, at, code);
    return at.parts(node.inputs().get(0), code).map(part -> pieces.forward(part, code));
  }

  private Pieces pieces(Node node, ForwardValues at, ProgramBuilder code) {
    int axis = ((Op.Softmax) node.op()).axis();
    Value x = at.input(node.inputs().get(0));
    Value r = at.reference(node.inputs().get(0));
    Value centredX = code.subtract(x, code.reduce(Reduction.MAX, x, axis));
    Value centredR = code.subtract(r, code.reduce(Reduction.MAX, r, axis));
    Value expX = code.unary(UnaryOp.EXP, centredX);
    Value expR = code.unary(UnaryOp.EXP, centredR);
    Value sumX = code.reduce(Reduction.SUM, expX, axis);
    Value sumR = code.reduce(Reduction.SUM, expR, axis);
    Value inverses = code.divide(code.scalar(1), code.multiply(sumX, sumR));
    Value meanInverse =
        code.multiply(code.multiply(code.add(sumX, sumR), inverses), code.scalar(0.5));
    Value meanExp = code.multiply(code.add(expX, expR), code.scalar(0.5));
    Value slope = secants.exponential(centredX, centredR, expX, expR, code);
    Vectors vectors = new Vectors(x.shape(), axis);
    MaxPoolRule.Windows maximum =
        MaxPoolRule.Windows.of(
            vectors.rows(x, code), vectors.rows(r, code), vectors.window(), code);
    return new Pieces(axis, slope, meanInverse, meanExp, inverses, maximum, vectors);
  }

  /** Local multipliers of the pieces, between reference and input. */
  private record Pieces(
      int axis,
      Value slope,
      Value meanInverse,
      Value meanExp,
      Value inverses,
      MaxPoolRule.Windows maximum,
      Vectors vectors) {

    Value backward(Value m, ProgramBuilder code) {
      Value ofInverse = code.reduce(Reduction.SUM, code.multiply(m, meanExp), axis);
      Value ofExp =
          code.subtract(code.multiply(m, meanInverse), code.multiply(ofInverse, inverses));
      Value centred = code.multiply(ofExp, slope);
      Value ofMaximum = code.unary(UnaryOp.NEGATE, code.reduce(Reduction.SUM, centred, axis));
      Value unpooled = maximum.unpool(vectors.rows(ofMaximum, code), code);
      return code.add(centred, vectors.back(unpooled, code));
    }

    Value forward(Value delta, ProgramBuilder code) {
      Value ofMaximum = vectors.back(maximum.select(vectors.rows(delta, code), code), code);
      Value exp = code.multiply(code.subtract(delta, ofMaximum), slope);
      Value inverse = code.multiply(code.reduce(Reduction.SUM, exp, axis), inverses);
      return code.subtract(code.multiply(exp, meanInverse), code.multiply(inverse, meanExp));
    }
  }

  /** The vectors of a softmax as rows, so that a maximum over each is a pool with one window. */
  private record Vectors(Shape shape, int axis) {

    Value rows(Value value, ProgramBuilder code) {
      int length = value.shape().dim(axis);
      return code.reshape(
          code.transpose(value, swap(shape.rank(), axis)),
          Shape.of(value.shape().size() / length, length));
    }

    Value back(Value rows, ProgramBuilder code) {
      Shape lengths = shape.with(axis, rows.shape().dim(1));
      int[] swap = swap(shape.rank(), axis);
      return code.transpose(code.reshape(rows, lengths.permuted(swap)), swap);
    }

    PoolGeometry window() {
      int[] cells = {shape.dim(axis)};
      return new PoolGeometry(cells, cells, new int[1], new int[1]);
    }
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
