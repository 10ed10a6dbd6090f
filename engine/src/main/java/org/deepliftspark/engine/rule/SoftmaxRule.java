package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Reduction;
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
    SharedMaximum maximum = SharedMaximum.of(x, r, new int[] {axis}, code);
    return new Pieces(axis, slope, meanInverse, meanExp, inverses, maximum);
  }

  /** Local multipliers of the pieces, between reference and input. */
  private record Pieces(
      int axis,
      Value slope,
      Value meanInverse,
      Value meanExp,
      Value inverses,
      SharedMaximum maximum) {

    Value backward(Value m, ProgramBuilder code) {
      Value ofInverse = code.reduce(Reduction.SUM, code.multiply(m, meanExp), axis);
      Value ofExp =
          code.subtract(code.multiply(m, meanInverse), code.multiply(ofInverse, inverses));
      Value centred = code.multiply(ofExp, slope);
      Value ofMaximum = code.unary(UnaryOp.NEGATE, code.reduce(Reduction.SUM, centred, axis));
      return code.add(centred, maximum.backward(ofMaximum, code));
    }

    Value forward(Value delta, ProgramBuilder code) {
      Value exp = code.multiply(code.subtract(delta, maximum.forward(delta, code)), slope);
      Value inverse = code.multiply(code.reduce(Reduction.SUM, exp, axis), inverses);
      return code.subtract(code.multiply(exp, meanInverse), code.multiply(inverse, meanExp));
    }
  }
}
