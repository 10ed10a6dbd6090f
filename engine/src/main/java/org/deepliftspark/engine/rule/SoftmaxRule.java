package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Softmax decomposed into exp, sum and product with the sum's inverse: exp by its secant slope, the
 * sum linear, the product and the inverse by the two-player rule. The logits are first shifted by
 * their common maximum, which changes no score: exponentials grow by a factor, and the inverse of
 * their sum shrinks by it.
 *
 * @param secants slopes in the precision of the program
 */
record SoftmaxRule(SecantSlopes secants) implements Rule {
  private static final double FLOOR = 1e-18;

  @Override
  public String name() {
    return "softmax";
  }

  @Override
  public List<Value> backward(Node node, ForwardValues at, Value m, ProgramBuilder code) {
    int axis = ((Op.Softmax) node.op()).axis();
    Value x = at.input(node.inputs().get(0));
    Value r = at.reference(node.inputs().get(0));
    Value shift = code.reduce(Reduction.MAX, code.maximum(x, r), axis);
    Value shiftedX = code.subtract(x, shift);
    Value shiftedR = code.subtract(r, shift);
    Value expX = code.unary(UnaryOp.EXP, shiftedX);
    Value expR = code.unary(UnaryOp.EXP, shiftedR);
    // a reference far below the input would leave a sum of 0, whose inverse is not finite: both
    // sums keep a floor
    Value sumX = code.maximum(code.reduce(Reduction.SUM, expX, axis), code.scalar(FLOOR));
    Value sumR = code.maximum(code.reduce(Reduction.SUM, expR, axis), code.scalar(FLOOR));
    Value inverses = code.divide(code.scalar(1), code.multiply(sumX, sumR));
    Value meanInverse =
        code.multiply(code.multiply(code.add(sumX, sumR), inverses), code.scalar(0.5));
    Value meanExp = code.multiply(code.add(expX, expR), code.scalar(0.5));
    Value ofInverse = code.reduce(Reduction.SUM, code.multiply(m, meanExp), axis);
    Value ofExp = code.subtract(code.multiply(m, meanInverse), code.multiply(ofInverse, inverses));
    return List.of(code.multiply(ofExp, secants.exponential(shiftedX, shiftedR, expX, expR, code)));
  }
}
