package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Writes the nodes of one layer that is made of several ops. A node that is no result of the layer
 * is called by the layer's name and a part after a slash; an empty part stands for the layer's own
 * name, which its result should carry.
 *
 * @param graph where nodes go; one thread at a time, as the builder
 * @param name of the layer
 */
public record LayerNodes(GraphBuilder graph, String name) {

  public Node add(String part, Op op, Node... from) {
    return graph.add(part.isEmpty() ? name : name + "/" + part, op, from);
  }

  public Node constant(String part, Tensor value) {
    return graph.constant(name + "/" + part, value);
  }

  public Node apply(String part, Kind function, Node x) {
    return apply(part, ActivationFunction.of(function), x);
  }

  public Node apply(String part, ActivationFunction function, Node x) {
    return add(part, new Op.Activation(function), x);
  }

  public Node combine(String part, Arithmetic arithmetic, Node a, Node b) {
    return add(part, new Op.Binary(arithmetic), a, b);
  }

  /** Combines with one number. */
  public Node combine(String part, Arithmetic arithmetic, Node a, double b) {
    String number = part.isEmpty() ? "number" : part + "/number";
    return combine(part, arithmetic, a, constant(number, Tensor.scalar((float) b)));
  }

  public Node reduce(String part, Reduction reduction, Node x, boolean keepDims, int... axes) {
    return add(part, new Op.Reduce(reduction, axes, keepDims), x);
  }

  public Node reshape(String part, Node x, int... dims) {
    return reshape(part, x, Shape.of(dims));
  }

  public Node reshape(String part, Node x, Shape shape) {
    return add(part, new Op.Reshape(shape), x);
  }

  /** Reorders axes; a node that keeps its order is returned as it is. */
  public Node transpose(String part, Node x, int... permutation) {
    return AxisOrder.isIdentity(permutation) ? x : add(part, new Op.Transpose(permutation), x);
  }

  /** Elements {@code start} to {@code start + length - 1} of one axis. */
  public Node slice(String part, Node x, int axis, int start, int length) {
    int rank = x.shape().rank();
    int[] starts = new int[rank];
    starts[axis] = start;
    Shape to = x.shape().with(axis, length);
    return add(part, new Op.Slice(starts, AxisOrder.filled(rank, 1), to), x);
  }
}
