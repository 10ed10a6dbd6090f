package org.deepliftspark.engine.rule;

import java.util.HashMap;
import java.util.Map;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Values of the two forward passes that rules read, by node. Used while one program is compiled, by
 * one thread.
 */
public final class ForwardValues {
  private final Graph graph;
  private final Value[] inputs;
  private final Value[] references;
  private final boolean[] active;
  private final Map<Integer, Value> deltas = new HashMap<>();

  /**
   * @param inputs per node, its value for the input
   * @param references per node, its value for the reference; the very same value where it does not
   *     differ
   * @param active per node, whether it depends on an input that is explained
   */
  ForwardValues(Graph graph, Value[] inputs, Value[] references, boolean[] active) {
    this.graph = graph;
    this.inputs = inputs;
    this.references = references;
    this.active = active;
  }

  Value[] inputs() {
    return inputs;
  }

  Value[] references() {
    return references;
  }

  /** Value of a node for the input. */
  public Value input(int nodeId) {
    return inputs[nodeId];
  }

  /** Value of a node for the reference. */
  public Value reference(int nodeId) {
    return references[nodeId];
  }

  /** Input minus reference. */
  public Value delta(int nodeId, ProgramBuilder code) {
    Value known = deltas.get(nodeId);
    if (known == null) {
      known = code.subtract(input(nodeId), reference(nodeId));
      deltas.put(nodeId, known);
    }
    return known;
  }

  /** Whether a node depends on an input that is explained; constants and held inputs do not. */
  public boolean isActive(int nodeId) {
    return active[nodeId];
  }

  /** The node that feeds an operand. */
  public Node source(Node node, int operand) {
    return graph.node(node.inputs().get(operand));
  }
}
