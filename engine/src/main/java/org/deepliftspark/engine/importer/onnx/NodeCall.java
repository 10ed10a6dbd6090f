package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.LayerNodes;

/**
 * A node to be mapped: gives its inputs and takes the nodes of the graph that stand for it.
 *
 * @param inputs null where an optional input is left out
 * @param merged nodes whose first axis is merged with the batch axis in the file, by id
 * @param fixedBatch the batch size that the file was exported with, or 0 if it leaves it open
 */
record NodeCall(
    OnnxNode node,
    int opset,
    List<OnnxValue> inputs,
    Set<Integer> merged,
    long fixedBatch,
    GraphBuilder graph)
    implements Call {

  @Override
  public boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  boolean isConstant(int input) {
    return has(input) && inputs.get(input) instanceof OnnxArray;
  }

  @Override
  public OnnxArray constant(int input, String what) {
    if (value(input) instanceof OnnxArray array) {
      return array;
    }
    throw new UnsupportedNode("its " + what + " is not constant");
  }

  /** The input that the model computes. */
  Node computed(int input) {
    Node found = anyComputed(input);
    if (isMerged(found)) {
      throw new UnsupportedNode("the batch axis of its input is merged with another");
    }
    return found;
  }

  boolean isMerged(Node of) {
    return merged.contains(of.id());
  }

  /** Says that the file merges a node's first axis with the batch axis. */
  Node merge(Node of) {
    merged.add(of.id());
    return of;
  }

  /** Like {@link #computed}, of a node that may be merged. */
  Node anyComputed(int input) {
    if (value(input) instanceof OnnxValue.Computed computed) {
      return computed.node();
    }
    throw new UnsupportedNode("its input " + input + " is constant");
  }

  private OnnxValue value(int input) {
    if (!has(input)) {
      throw new IllegalArgumentException("input " + input + " is missing");
    }
    return inputs.get(input);
  }

  /**
   * Nodes for all inputs; constants become nodes that broadcast against {@code rank} axes per
   * example.
   */
  List<Node> operands(int rank) {
    List<Node> operands = new ArrayList<>();
    for (int input = 0; input < inputs.size(); input++) {
      operands.add(isConstant(input) ? constantNode(input, rank) : computed(input));
    }
    return operands;
  }

  private Node constantNode(int input, int rank) {
    Tensor tensor = perExample(constant(input, "operand"), rank);
    return graph.constant(node.inputs().get(input), LinearMappers.finite(tensor));
  }

  /** Writes the nodes of a composite; its result carries the name of the file's node. */
  LayerNodes nodes() {
    return new LayerNodes(graph, node.name());
  }

  /** Adds the node that carries the name of the file's node. */
  Node add(Op op, Node... from) {
    return graph.add(node.name(), op, from);
  }

  /** Adds a node that works for the one that carries the name. */
  Node addHelper(String suffix, Op op, Node... from) {
    return graph.add(node.name() + "/" + suffix, op, from);
  }

  /** Adds the node's result as a reshape; channels in front stay channels if their axis stays. */
  Node reshape(Node from, int... dims) {
    boolean keepsChannels =
        from.channelsFirst() && dims.length > 1 && dims[0] == from.shape().dim(0);
    return graph.add(node.name(), new Op.Reshape(Shape.of(dims)), keepsChannels, from);
  }

  /** Turns an axis of the file into one of the graph. */
  int axis(long axis, Node of) {
    int counted = Call.axis(axis, of.shape().rank() + 1);
    if (counted == 0) {
      throw new UnsupportedNode("it works along the batch axis");
    }
    return counted - 1;
  }

  /** Turns axes of the file into sorted axes of the graph. */
  int[] axes(long[] axes, Node of) {
    return Arrays.stream(axes).mapToInt(axis -> axis(axis, of)).sorted().distinct().toArray();
  }

  /**
   * A constant without the batch axis, to be broadcast against {@code rank} axes per example.
   *
   * @throws UnsupportedNode if it differs between the examples of a batch
   */
  static Tensor perExample(OnnxArray array, int rank) {
    int[] dims = array.dims();
    if (dims.length <= rank) {
      return array.tensor();
    }
    if (dims.length > rank + 1 || dims[0] != 1) {
      throw new UnsupportedNode(
          "a constant of shape "
              + Arrays.toString(dims)
              + " does not apply to each example of the batch alike");
    }
    return array.tensor(Arrays.copyOfRange(dims, 1, dims.length));
  }
}
