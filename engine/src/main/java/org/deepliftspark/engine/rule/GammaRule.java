package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Layers with weights under the gamma rule of layer-wise relevance propagation: what a unit is
 * worth goes to its inputs in proportion to {@code a (w + gamma max(w, 0))}, so that positive
 * evidence counts more. A bias takes its share too. Source: Montavon et al. 2019, "Layer-Wise
 * Relevance Propagation: An Overview", section 10.2.1.
 *
 * @param gamma above 0
 */
record GammaRule(double gamma) implements Rule {
  @Override
  public String name() {
    return "gamma-lrp";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    Op op = node.op();
    Node source = at.source(node, 0);
    Tensor weight = raised(WeightedLayer.weight(op));
    Tensor bias = WeightedLayer.bias(op) == null ? null : raised(WeightedLayer.bias(op));
    Value z = WeightedLayer.product(op, weight, bias, at.input(source.id()), code);
    Value ratio = Relevance.ratioOrNothing(at.input(node.id()), z, code);
    return List.of(
        multipliers.map(
            m -> WeightedLayer.adjoint(op, weight, source.shape(), code.multiply(m, ratio), code)));
  }

  private Tensor raised(Tensor numbers) {
    return WeightedLayer.mapped(numbers, w -> (float) (w + gamma * Math.max(w, 0)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    throw new IllegalStateException("Rule '" + name() + "' has no positive and negative parts");
  }
}
