package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Activations of methods that bend the gradient: guided backpropagation drops what is negative
 * behind an activation, deconvnet applies the activation itself to what comes back.
 *
 * @param kind guided backpropagation or deconvnet
 * @param derivative the rule whose slope is the derivative, since input and reference are the same
 *     point
 */
record GradientRule(Method.Kind kind, ActivationRule derivative) implements Rule {
  @Override
  public String name() {
    return kind.key();
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    if (kind == Method.Kind.DECONVNET) {
      return List.of(
          multipliers.map(
              m -> ActivationValues.value(((Op.Activation) node.op()).function(), m, code)));
    }
    Value slope = derivative.slope(node, at, code);
    return List.of(multipliers.map(m -> code.multiply(code.unary(UnaryOp.RELU, m), slope)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    throw new IllegalStateException("Rule '" + name() + "' has no positive and negative parts");
  }
}
