package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Activations of methods that bend what comes back: guided backpropagation drops what is negative,
 * deconvnet applies the activation itself to it, pass-through leaves it as it is. Names and rules
 * are those of kundajelab/deeplift, {@code NonlinearMxtsMode}.
 *
 * @param kind which method
 * @param plain the rule whose slope guided backpropagation takes: the derivative, as its two points
 *     are one, or that of Rescale
 */
record BentRule(Method.Kind kind, ActivationRule plain) implements Rule {
  @Override
  public String name() {
    return kind.key();
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    if (kind == Method.Kind.PASS_THROUGH) {
      return List.of(multipliers);
    } else if (kind == Method.Kind.DECONVNET) {
      ActivationFunction function = ((Op.Activation) node.op()).function();
      return List.of(multipliers.map(m -> ActivationTable.value(function, m, code)));
    }
    Value slope = plain.slope(node, at, code);
    return List.of(multipliers.map(m -> code.multiply(code.unary(UnaryOp.RELU, m), slope)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    throw new IllegalStateException("Rule '" + name() + "' has no positive and negative parts");
  }
}
