package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.ProgramBuilder;

/** Maximum over whole axes by cross-maximum; cells that tie share. See {@link SharedMaximum}. */
final class MaximumRule implements Rule {
  @Override
  public String name() {
    return "cross-max";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    SharedMaximum maximum = maximum(node, at, code);
    Shape kept = maximum.slope().shape();
    for (int axis : maximum.axes()) {
      kept = kept.with(axis, 1);
    }
    Shape shape = kept;
    return List.of(multipliers.map(m -> maximum.backward(code.reshape(m, shape), code)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    SharedMaximum maximum = maximum(node, at, code);
    return at.parts(node.inputs().get(0), code)
        .map(part -> code.reshape(maximum.forward(part, code), node.shape()));
  }

  private static SharedMaximum maximum(Node node, ForwardValues at, ProgramBuilder code) {
    int source = node.inputs().get(0);
    return SharedMaximum.of(
        at.input(source), at.reference(source), ((Op.Reduce) node.op()).axes(), code);
  }
}
