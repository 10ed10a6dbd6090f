package org.deepliftspark.engine.change;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.rule.PartCompiler;

/** What the network has of a row without changes, as far as changes read it. */
final class RowValues {
  private final float[][] byNode;
  private final Around[] around;

  /**
   * @param inputs per input of the model
   * @param workspace of the plan's program for rows, or null if it has none
   */
  RowValues(ChangePlan plan, float[][] inputs, Workspace workspace) {
    Graph graph = plan.graph();
    this.byNode = new float[graph.nodes().size()][];
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Constant constant) {
        byNode[node.id()] = constant.value().data();
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      byNode[graph.inputs().get(i).id()] = inputs[i];
    }
    if (workspace != null) {
      Map<String, Numbers> found = workspace.run(new Batch(1, List.of(inputs), List.of()));
      for (int i = 0; i < plan.rowValues().size(); i++) {
        byNode[plan.rowValues().get(i)] = found.get(PartCompiler.VALUE + i).floats();
      }
    }
    this.around = new Around[plan.summaries().size()];
    for (int i = 0; i < around.length; i++) {
      Summary summary = plan.summaries().get(i);
      Strip strip = plan.strip(summary.source());
      around[i] = new Around(summary.reduction(), strip, byNode[summary.source()]);
    }
  }

  float[] of(int node) {
    return byNode[node];
  }

  /** What lies around windows of the source of a summary. */
  Around around(int summary) {
    return around[summary];
  }
}
