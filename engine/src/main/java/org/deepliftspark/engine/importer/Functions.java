package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Formula.Comparison;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;

/** Functions that layers are made of, besides activations. */
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
    FormulaBuilder f = new FormulaBuilder();
    int argument = f.argument();
    int moved = f.combine(Arithmetic.SUBTRACT, argument, f.constant(threshold));
    int below = f.combine(Arithmetic.MULTIPLY, moved, f.constant(slope));
    int above =
        Float.isInfinite(largest)
            ? argument
            : f.apply(ActivationFunction.clip(Float.NEGATIVE_INFINITY, largest), argument);
    int isBelow = f.compare(Comparison.LESS, argument, f.constant(threshold));
    f.choose(isBelow, below, above);
    return graph.add(name, new Op.Activation(f.build()), x);
  }

  /** x where its absolute value is above the threshold, otherwise 0. */
  public static Node hardShrink(GraphBuilder graph, String name, Node x, float threshold) {
    return graph.add(
        name, new Op.Activation(ActivationFunction.of(Kind.HARD_SHRINK, threshold)), x);
  }

  /** {@code x - tanh(x)}. */
  public static Node tanhShrink(GraphBuilder graph, String name, Node x) {
    return graph.add(name, new Op.Activation(ActivationFunction.of(Kind.TANH_SHRINK)), x);
  }

  /** {@code (x + sqrt(x^2 + b)) / 2}. */
  public static Node squarePlus(GraphBuilder graph, String name, Node x, double b) {
    return graph.add(name, new Op.Activation(ActivationFunction.of(Kind.SQUAREPLUS, (float) b)), x);
  }

  /** 0 up to -1, {@code (x + 1)^2 / 4} up to 1, then x. */
  public static Node sparsePlus(GraphBuilder graph, String name, Node x) {
    return graph.add(name, new Op.Activation(ActivationFunction.of(Kind.SPARSE_PLUS)), x);
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
