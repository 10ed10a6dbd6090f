package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;

/**
 * Element-wise functions that are chains and sums of activations. The secant slope of a chain is
 * the product of its parts' and that of a sum is their sum, so Rescale gives such a function the
 * same multiplier as if it were one activation.
 */
public final class Functions {
  private Functions() {}

  /**
   * Keras's general ReLU: x above the threshold, {@code slope (x - threshold)} below, at most
   * {@code largest}.
   *
   * @param largest may be infinity
   */
  public static Node relu(
      GraphBuilder graph, String name, Node x, float slope, float threshold, float largest) {
    LayerNodes nodes = new LayerNodes(graph, name);
    String above = slope == 0 && Float.isInfinite(largest) ? "" : "above";
    Node part =
        threshold == 0
            ? nodes.apply(above, Kind.RELU, x)
            : nodes.apply(above, ActivationFunction.of(Kind.THRESHOLDED_RELU, threshold), x);
    if (!Float.isInfinite(largest)) {
      String clipped = slope == 0 ? "" : "clipped";
      part = nodes.apply(clipped, ActivationFunction.clip(0, largest), part);
    }
    if (slope == 0) {
      return part;
    }
    Node moved = nodes.combine("moved", Arithmetic.SUBTRACT, x, threshold);
    Node below = nodes.apply("below", ActivationFunction.clip(Float.NEGATIVE_INFINITY, 0), moved);
    Node scaled = nodes.combine("scaled", Arithmetic.MULTIPLY, below, slope);
    return nodes.combine("", Arithmetic.ADD, part, scaled);
  }

  /** x where its absolute value is above the threshold, otherwise 0. */
  public static Node hardShrink(GraphBuilder graph, String name, Node x, float threshold) {
    LayerNodes nodes = new LayerNodes(graph, name);
    ActivationFunction above = ActivationFunction.of(Kind.THRESHOLDED_RELU, threshold);
    Node upper = nodes.apply("upper", above, x);
    Node negative = nodes.combine("negative", Arithmetic.MULTIPLY, x, -1);
    Node lower = nodes.apply("lower", above, negative);
    return nodes.combine("", Arithmetic.SUBTRACT, upper, lower);
  }

  /** {@code x - tanh(x)}. */
  public static Node tanhShrink(GraphBuilder graph, String name, Node x) {
    LayerNodes nodes = new LayerNodes(graph, name);
    return nodes.combine("", Arithmetic.SUBTRACT, x, nodes.apply("tanh", Kind.TANH, x));
  }

  /** {@code (x + sqrt(x^2 + b)) / 2}. */
  public static Node squarePlus(GraphBuilder graph, String name, Node x, double b) {
    LayerNodes nodes = new LayerNodes(graph, name);
    Node square = nodes.apply("square", Kind.SQUARE, x);
    Node sum = nodes.combine("sum", Arithmetic.ADD, square, b);
    Node root = nodes.apply("root", Kind.SQRT, sum);
    Node twice = nodes.combine("twice", Arithmetic.ADD, x, root);
    return nodes.combine("", Arithmetic.MULTIPLY, twice, 0.5);
  }

  /** 0 up to -1, {@code (x + 1)^2 / 4} up to 1, then x. */
  public static Node sparsePlus(GraphBuilder graph, String name, Node x) {
    LayerNodes nodes = new LayerNodes(graph, name);
    Node middle = nodes.apply("middle", ActivationFunction.clip(-1, 1), x);
    Node moved = nodes.combine("moved", Arithmetic.ADD, middle, 1);
    Node square = nodes.apply("square", Kind.SQUARE, moved);
    Node quarter = nodes.combine("quarter", Arithmetic.MULTIPLY, square, 0.25);
    Node beyond = nodes.combine("beyond", Arithmetic.SUBTRACT, x, 1);
    return nodes.combine("", Arithmetic.ADD, quarter, nodes.apply("upper", Kind.RELU, beyond));
  }

  /** {@code x - log(sum(exp(x)))} along an axis. */
  public static Node logSoftmax(GraphBuilder graph, String name, Node x, int axis) {
    Node sum = Composites.logSumExp(graph, name + "/log_sum", x, new int[] {axis}, true);
    return new LayerNodes(graph, name).combine("", Arithmetic.SUBTRACT, x, sum);
  }

  /** The first half along an axis times the sigmoid of the second. */
  public static Node gated(GraphBuilder graph, String name, Node x, int axis) {
    int length = x.shape().dim(axis);
    if (length % 2 != 0) {
      throw new IllegalArgumentException("an axis of " + length + " cells has no halves");
    }
    LayerNodes nodes = new LayerNodes(graph, name);
    Node value = nodes.slice("value", x, axis, 0, length / 2);
    Node open = nodes.slice("open", x, axis, length / 2, length / 2);
    Node gate = nodes.apply("gate", Kind.SIGMOID, open);
    return nodes.combine("", Arithmetic.MULTIPLY, value, gate);
  }

  /** {@code x / sqrt(max(sum(x^2), least))} over some axes. */
  public static Node unit(GraphBuilder graph, String name, Node x, double least, int... axes) {
    LayerNodes nodes = new LayerNodes(graph, name);
    Node square = nodes.apply("square", Kind.SQUARE, x);
    Node sum = nodes.reduce("sum", Reduction.SUM, square, true, axes);
    ActivationFunction atLeast = ActivationFunction.clip((float) least, Float.POSITIVE_INFINITY);
    Node bounded = nodes.apply("bounded", atLeast, sum);
    return nodes.combine("", Arithmetic.DIVIDE, x, nodes.apply("norm", Kind.SQRT, bounded));
  }
}
