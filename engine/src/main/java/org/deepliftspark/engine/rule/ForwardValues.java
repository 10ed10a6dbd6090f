package org.deepliftspark.engine.rule;

import java.util.HashMap;
import java.util.Map;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
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
  private final RuleBook rules;
  private final Map<Integer, Value> deltas = new HashMap<>();
  private final Map<Integer, Parts> parts = new HashMap<>();

  /**
   * @param inputs per node, its value for the input
   * @param references per node, its value for the reference; the very same value where it does not
   *     differ
   * @param active per node, whether it depends on an input that is explained
   * @param rules how parts of deltas go through nodes
   */
  ForwardValues(Graph graph, Value[] inputs, Value[] references, boolean[] active, RuleBook rules) {
    this.graph = graph;
    this.inputs = inputs;
    this.references = references;
    this.active = active;
    this.rules = rules;
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

  /** The positive and the negative part of {@link #delta}; at an input by its sign. */
  public Parts parts(int nodeId, ProgramBuilder code) {
    Parts known = parts.get(nodeId);
    if (known == null) {
      Node node = graph.node(nodeId);
      known =
          node.op() instanceof Op.Input
              ? Parts.bySign(delta(nodeId, code), code)
              : rules.ruleFor(node, graph, active).orElseThrow().parts(node, this, code);
      parts.put(nodeId, known);
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
