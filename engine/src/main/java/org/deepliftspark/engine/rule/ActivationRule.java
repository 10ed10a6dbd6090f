package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Rescale rule: the multiplier of an element-wise function is the secant slope between reference
 * and input, its derivative where they agree. Source: Shrikumar et al., ICML 2017, section 3.5.2.
 *
 * @param secants slopes in the precision of the program
 */
record ActivationRule(SecantSlopes secants) implements Rule {
  @Override
  public String name() {
    return "rescale";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    Value slope = slope(node, at, code);
    return List.of(multipliers.map(m -> code.multiply(m, slope)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    return at.parts(node.inputs().get(0), code).times(slope(node, at, code), code);
  }

  Value slope(Node node, ForwardValues at, ProgramBuilder code) {
    ActivationFunction function = ((Op.Activation) node.op()).function();
    int source = node.inputs().get(0);
    Point input = new Point(at.input(source), at.input(node.id()));
    Point reference = new Point(at.reference(source), at.reference(node.id()));
    return secants.slope(function, input, reference, code);
  }
}
