package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as plain data: nodes in topological order. Immutable, serializable, holds no native
 * memory.
 */
public final class Graph implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final List<Node> nodes;
  private final List<Integer> inputs;
  private final Map<String, Integer> outputs;
  private final Map<String, Integer> byName;

  Graph(
      String name,
      List<Node> nodes,
      List<Integer> inputs,
      Map<String, Integer> outputs,
      Map<String, Integer> byName) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.inputs = List.copyOf(inputs);
    this.outputs = new LinkedHashMap<>(outputs);
    this.byName = new LinkedHashMap<>(byName);
  }

  public String name() {
    return name;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public Node node(int id) {
    return nodes.get(id);
  }

  /** Inputs in the model's order. */
  public List<Node> inputs() {
    return inputs.stream().map(nodes::get).toList();
  }

  /** Output name to node, in the model's order. */
  public Map<String, Node> outputs() {
    Map<String, Node> result = new LinkedHashMap<>();
    outputs.forEach((key, id) -> result.put(key, nodes.get(id)));
    return result;
  }

  /** The node of a name or of an alias of it, or null. Output names come first. */
  public Node find(String nodeName) {
    Integer id = outputs.containsKey(nodeName) ? outputs.get(nodeName) : byName.get(nodeName);
    return id == null ? null : nodes.get(id);
  }

  /** Every name by which {@link #find} knows a node: outputs, nodes and aliases. */
  public Iterable<String> names() {
    Map<String, Integer> all = new LinkedHashMap<>(outputs);
    byName.forEach(all::putIfAbsent);
    return all.keySet();
  }

  /** The same graph with another op at a node, whose inputs and shape stay as they are. */
  public Graph with(int id, Op op) {
    List<Node> changed = new ArrayList<>(nodes);
    Node old = nodes.get(id);
    changed.set(id, new Node(id, old.name(), op, old.inputs(), old.shape(), old.channelsFirst()));
    return new Graph(name, changed, inputs, outputs, byName);
  }

  public long parameterCount() {
    long count = 0;
    for (Node node : nodes) {
      count += parametersOf(node.op());
    }
    return count;
  }

  /** Number of weights that an op holds. */
  public static long parametersOf(Op op) {
    if (op instanceof Op.Dense dense) {
      return (long) dense.weight().size() + sizeOf(dense.bias());
    } else if (op instanceof Op.Conv conv) {
      return (long) conv.weight().size() + sizeOf(conv.bias());
    } else if (op instanceof Op.ChannelAffine affine) {
      return (long) affine.scale().size() + affine.shift().size();
    } else if (op instanceof Op.Activation activation) {
      return sizeOf(activation.function().slopes());
    } else if (op instanceof Op.Constant constant) {
      return constant.value().size();
    }
    return 0;
  }

  private static int sizeOf(Tensor tensor) {
    return tensor == null ? 0 : tensor.size();
  }
}
