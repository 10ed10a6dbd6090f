package org.deepliftspark.engine.importer.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Adds nodes for Keras tensors, moving axes only where an op needs them elsewhere and at most once
 * per tensor. Chains of convolutions, activations and pools so stay channels-first from end to end.
 */
final class GraphWriter {
  /**
   * Nested models can call each other twice at every depth; a graph of more nodes is no network.
   */
  private static final int MOST_NODES = 100_000;

  private final String file;
  private final GraphBuilder builder;
  private final Map<Integer, Node> channelsFirst = new HashMap<>();
  private final Map<Integer, Node> kerasOrder = new HashMap<>();
  private final boolean beforeKeras3;
  private int nodes;

  /**
   * @param beforeKeras3 whether Keras 1, Keras 2 or tf.keras wrote the model
   */
  GraphWriter(String file, GraphBuilder builder, boolean beforeKeras3) {
    this.file = file;
    this.builder = builder;
    this.beforeKeras3 = beforeKeras3;
  }

  /** Whether functions mean what they meant before Keras 3. */
  boolean isBeforeKeras3() {
    return beforeKeras3;
  }

  GraphBuilder builder() {
    return builder;
  }

  /** Adds a node whose axes are Keras's, or moved. */
  Value add(String name, Op op, boolean moved, boolean channelsFirst, Node... from) {
    count();
    return new Value(builder.add(name, op, channelsFirst, from), moved);
  }

  /** Counts a node or the call of a nested model, which may have no nodes of its own. */
  void count() {
    if (++nodes > MOST_NODES) {
      throw new UnsupportedModelException(
          "Cannot import %s: more than %d nodes once nested models are laid out"
              .formatted(file, MOST_NODES));
    }
  }

  /** Adds an op that keeps the axes of its one operand where they are. */
  Value keep(String name, Op op, Value in) {
    return add(name, op, in.moved(), in.node().channelsFirst(), in.node());
  }

  /** Adds an op over operands of one rank, in the layout they share. */
  Value combine(String name, Op op, List<Value> operands) {
    boolean moved = anyMoved(operands);
    Node[] from = new Node[operands.size()];
    boolean first = moved;
    for (int k = 0; k < from.length; k++) {
      from[k] = moved ? channelsFirst(operands.get(k)) : operands.get(k).node();
      first |= from[k].channelsFirst();
    }
    return add(name, op, moved, first, from);
  }

  static boolean anyMoved(List<Value> values) {
    return values.stream().anyMatch(Value::moved);
  }

  Value constant(String name, Tensor value) {
    return add(name, new Op.Constant(value), false, false);
  }

  /** The node that holds a tensor with Keras's last axis in front. */
  Node channelsFirst(Value value) {
    if (value.moved() || value.rank() < 2) {
      return value.node();
    }
    Node node = value.node();
    Node moved = channelsFirst.get(node.id());
    if (moved == null) {
      Op op = move(node.shape(), Value.toFirst(value.rank()), node.shape().dim(-1));
      moved = add(node.name() + "/channels_first", op, true, true, node).node();
      channelsFirst.put(node.id(), moved);
      kerasOrder.put(moved.id(), node);
    }
    return moved;
  }

  /** The node that holds a tensor with all axes where Keras has them. */
  Node kerasOrder(Value value) {
    if (!value.moved()) {
      return value.node();
    }
    Node node = value.node();
    Node back = kerasOrder.get(node.id());
    if (back == null) {
      Op op = move(node.shape(), Value.toLast(value.rank()), node.shape().dim(0));
      back = add(node.name() + "/channels_last", op, false, false, node).node();
      kerasOrder.put(node.id(), back);
      channelsFirst.put(back.id(), node);
    }
    return back;
  }

  /**
   * A transposition, or the reshaping that equals it where there is one channel or one position.
   */
  private static Op move(Shape shape, int[] permutation, int channels) {
    boolean trivial = channels == 1 || channels == shape.size();
    return trivial ? new Op.Reshape(shape.permuted(permutation)) : new Op.Transpose(permutation);
  }
}
