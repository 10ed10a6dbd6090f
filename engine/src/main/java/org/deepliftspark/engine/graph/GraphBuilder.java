package org.deepliftspark.engine.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.PlainText;

/**
 * Builds a graph node by node, inferring and checking shapes. Used by importers and tests; not safe
 * for several threads.
 *
 * <p>Methods throw {@link IllegalArgumentException} with a one-line reason when shapes do not fit;
 * importers wrap it with file and layer.
 */
public final class GraphBuilder {
  private static final long MOST_MADE_UP = 1 << 26;

  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> inputs = new ArrayList<>();
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final Map<String, Integer> byName = new LinkedHashMap<>();
  private final Map<String, Integer> lastSuffix = new HashMap<>();
  private long madeUp;

  public GraphBuilder(String name) {
    this.name = shown(name);
  }

  /** Names of a file are printed, logged and written to tables. */
  private static String shown(String name) {
    return PlainText.line(name, Integer.MAX_VALUE);
  }

  /**
   * Notes that a layer is written with so many numbers that no file holds. What all layers together
   * may take is bounded: a few bytes can ask for a matrix.
   *
   * @throws IllegalArgumentException if it is too much
   */
  public void claim(long numbers) {
    if (numbers < 0 || numbers > MOST_MADE_UP - madeUp) {
      throw new IllegalArgumentException(
          "layers that move, repeat or mix cells take more than " + MOST_MADE_UP + " numbers");
    }
    madeUp += numbers;
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
    String unique = unique(shown(nodeName));
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
    byName.putIfAbsent(shown(further), node.id());
  }

  public void output(String outputName, Node node) {
    outputs.put(shown(outputName), node.id());
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
    // Counted on: a file may name all of its hundred thousand nodes alike.
    int k = lastSuffix.getOrDefault(wanted, 0) + 1;
    while (byName.containsKey(wanted + "_" + k)) {
      k++;
    }
    lastSuffix.put(wanted, k);
    return wanted + "_" + k;
  }
}
