package org.deepliftspark.engine.change;

import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;

/** What nodes read, and of what it depends. */
final class Sources {
  private Sources() {}

  /** The node whose value a node passes on unchanged, or itself. */
  static int resolved(int id, Graph graph) {
    int at = id;
    while (graph.node(at).op() instanceof Op.Identity) {
      at = graph.node(at).inputs().get(0);
    }
    return at;
  }

  /** Per node, whether its value depends on an input, and so on the row. */
  static boolean[] ofRow(Graph graph) {
    boolean[] ofRow = new boolean[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      ofRow[node.id()] = node.op() instanceof Op.Input;
      node.inputs().forEach(source -> ofRow[node.id()] |= ofRow[source]);
    }
    return ofRow;
  }
}
