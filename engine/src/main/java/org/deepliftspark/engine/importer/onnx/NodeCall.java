package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
 * @param batches where nodes have the batch axis in the file, by id; in front if not named
 * @param fixedBatch the batch size that the file was exported with, or 0 if it leaves it open
 */
record NodeCall(
    OnnxNode node,
    int opset,
    List<OnnxValue> inputs,
    Map<Integer, BatchAxis> batches,
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
    if (value(input) instanceof OnnxValue.Computed computed) {
      return computed.node();
    }
    throw new UnsupportedNode("its input " + input + " is constant");
  }

  /** Where the file has the batch axis of a node. */
  BatchAxis batchOf(Node of) {
    return batches.getOrDefault(of.id(), BatchAxis.FRONT);
  }

  /**
   * Where the file has the batch axis of all computed inputs.
   *
   * @throws UnsupportedNode if they differ, which mixes the examples of a batch
   */
  BatchAxis batch() {
    Node first = null;
    for (OnnxValue value : inputs) {
      if (value instanceof OnnxValue.Computed computed) {
        Node node = computed.node();
        first = first == null ? node : first;
        if (!isAligned(first, node)) {
          throw new UnsupportedNode("its operands have the batch in different axes");
        }
      }
    }
    return first == null ? BatchAxis.FRONT : batchOf(first);
  }

  private boolean isAligned(Node a, Node b) {
    BatchAxis batch = batchOf(a);
    if (isNominal(a) && isNominal(b)) {
      return true;
    } else if (!batch.equals(batchOf(b))) {
      return false;
    }
    return batch.isFront()
        || a.shape().rank() == b.shape().rank()
            && batch.length(batch.position(), a.shape())
                == batch.length(batch.position(), b.shape());
  }

  /** Says where the file has the batch axis of a result, where it is not that of the inputs. */
  Node place(Node of, BatchAxis where) {
    batches.put(of.id(), where);
    return of;
  }

  /** Number of axes that a node has in the file. */
  int fileRank(Node of) {
    return batchOf(of).fileRank(of.shape());
  }

  /** A batch that is fixed to 1 and merged with an axis leaves of it what it is. */
  private boolean isNominal(Node of) {
    return fixedBatch == 1 && batchOf(of).merged();
  }

  /** Refuses a node that works on the last axes if the batch is one of them. */
  void requireBatchBefore(int lastAxes, Node of) {
    if (!isNominal(of) && fileRank(of) - batchOf(of).position() <= lastAxes) {
      throw new UnsupportedNode("it works along the batch axis");
    }
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
    int counted = Call.axis(axis, fileRank(of));
    if (counted == batchOf(of).position() && !isNominal(of)) {
      throw new UnsupportedNode("it works along the batch axis");
    }
    return batchOf(of).graphAxis(counted);
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
  Tensor perExample(OnnxArray array, int rank) {
    BatchAxis batch = batch();
    int[] dims = array.dims();
    int fileRank = batch.merged() ? rank : rank + 1;
    int at = batch.position() - fileRank + dims.length;
    boolean nominal = fixedBatch == 1 && batch.merged() && dims.length <= rank;
    if (at < 0 || nominal) {
      return array.tensor();
    }
    if (dims.length > fileRank || dims[at] != 1) {
      throw new UnsupportedNode(
          "a constant of shape "
              + Arrays.toString(dims)
              + " does not apply to each example of the batch alike");
    }
    return batch.merged()
        ? array.tensor()
        : array.tensor(
            IntStream.range(0, dims.length)
                .filter(axis -> axis != at)
                .map(axis -> dims[axis])
                .toArray());
  }
}
