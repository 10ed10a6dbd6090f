package org.deepliftspark.engine.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a graph node by node, inferring and checking shapes. Used by importers and tests; not safe
 * for several threads.
 *
 * <p>Methods throw {@link IllegalArgumentException} with a one-line reason when shapes do not fit;
 * importers wrap it with file and layer.
 */
public final class GraphBuilder {
  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> inputs = new ArrayList<>();
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final Map<String, Integer> byName = new LinkedHashMap<>();

  public GraphBuilder(String name) {
    this.name = name;
  }

  /** Adds an input; its shape is channels-last. */
  public Node input(String nodeName, Shape shape) {
    return input(nodeName, shape, false);
  }

  /**
   * Adds an input; its shape is channels-last.
   *
   * @param fileChannelsFirst whether the model's file has the channels on the first axis
   */
  public Node input(String nodeName, Shape shape, boolean fileChannelsFirst) {
    Node node = add(nodeName, new Op.Input(shape, fileChannelsFirst));
    inputs.add(node.id());
    return node;
  }

  public Node constant(String nodeName, Tensor value) {
    return add(nodeName, new Op.Constant(value));
  }

  /**
   * Adds a node; a name that is taken gets a suffix, so that layers called twice become one node
   * per call.
   */
  public Node add(String nodeName, Op op, Node... from) {
    return add(nodeName, op, ShapeInference.channelsFirst(op, from), from);
  }

  /** Adds a node and says whether its axis 0 holds channels that users count as the last axis. */
  public Node add(String nodeName, Op op, boolean channelsFirst, Node... from) {
    Shape shape = ShapeInference.shapeOf(op, from);
    String unique = unique(nodeName);
    List<Integer> ids = new ArrayList<>();
    for (Node node : from) {
      ids.add(node.id());
    }
    Node node = new Node(nodes.size(), unique, op, ids, shape, channelsFirst);
    nodes.add(node);
    byName.put(unique, node.id());
    return node;
  }

  /** Makes a node known by a further name; an existing name is kept. */
  public void alias(String further, Node node) {
    byName.putIfAbsent(further, node.id());
  }

  public void output(String outputName, Node node) {
    outputs.put(outputName, node.id());
  }

  public Node node(int id) {
    return nodes.get(id);
  }

  /**
   * Builds the graph, without the nodes that no output and no name the user may target depends on.
   */
  public Graph build() {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("Invalid graph '" + name + "': it has no input");
    }
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("Invalid graph '" + name + "': it has no output");
    }
    return new Graph(name, nodes, inputs, outputs, byName);
  }

  private String unique(String wanted) {
    if (!byName.containsKey(wanted)) {
      return wanted;
    }
    int k = 1;
    while (byName.containsKey(wanted + "_" + k)) {
      k++;
    }
    return wanted + "_" + k;
  }
}
