package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * RevealCancel rule: the positive and the negative part of the delta have multipliers of their own,
 * each the mean of the two orders in which the parts can be added. Source: Shrikumar et al., ICML
 * 2017, section 3.5.3.
 *
 * <p>Written with secant slopes, {@code m+ = [S(r, r+p) + S(r+n, r+n+p)] / 2}, nothing is divided
 * by a part that may be 0.
 *
 * @param secants slopes in the precision of the program
 */
record RevealCancelRule(SecantSlopes secants) implements Rule {
  @Override
  public String name() {
    return "reveal-cancel";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    Multipliers slopes = slopes(node, at, code);
    return List.of(
        new Multipliers(
            code.multiply(multipliers.positive(), slopes.positive()),
            code.multiply(multipliers.negative(), slopes.negative())));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    Parts in = at.parts(node.inputs().get(0), code);
    Multipliers slopes = slopes(node, at, code);
    return new Parts(
        code.multiply(in.positive(), slopes.positive()),
        code.multiply(in.negative(), slopes.negative()));
  }

  private Multipliers slopes(Node node, ForwardValues at, ProgramBuilder code) {
    ActivationFunction function = ((Op.Activation) node.op()).function();
    int source = node.inputs().get(0);
    Parts parts = at.parts(source, code);
    Point reference = new Point(at.reference(source), at.reference(node.id()));
    Point input = new Point(at.input(source), at.input(node.id()));
    Point raised = point(function, code.add(reference.x(), parts.positive()), code);
    Point lowered = point(function, code.add(reference.x(), parts.negative()), code);
    Value positive = mean(function, raised, reference, input, lowered, code);
    Value negative = mean(function, lowered, reference, input, raised, code);
    return new Multipliers(positive, negative);
  }

  private static Point point(ActivationFunction function, Value x, ProgramBuilder code) {
    return new Point(x, ActivationTable.value(function, x, code));
  }

  private Value mean(
      ActivationFunction function, Point u, Point v, Point u2, Point v2, ProgramBuilder code) {
    Value sum =
        code.add(secants.slope(function, u, v, code), secants.slope(function, u2, v2, code));
    return code.multiply(sum, code.scalar(0.5));
  }
}
