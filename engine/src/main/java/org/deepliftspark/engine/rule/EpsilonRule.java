package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Activations of layer-wise relevance propagation: the slope is f(z) / (z + epsilon sign(z)), with
 * sign(0) = 1. With the transposed weights of linear layers this is the epsilon rule, biases in the
 * denominators included. Source: Ancona et al., ICLR 2018, proposition 1.
 *
 * @param epsilon above 0
 */
record EpsilonRule(double epsilon) implements Rule {
  @Override
  public String name() {
    return "epsilon-lrp";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    Value z = at.input(node.inputs().get(0));
    Value slope = Relevance.ratio(at.input(node.id()), z, epsilon, code);
    return List.of(multipliers.map(m -> code.multiply(m, slope)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    throw new IllegalStateException("Rule '" + name() + "' has no positive and negative parts");
  }
}
