package org.deepliftspark.engine.importer;

import java.util.Arrays;
import java.util.stream.IntStream;
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
 * Layers that importers write as several nodes, so that the rules of those hold for them. Helper
 * nodes are named after the layer with a suffix.
 */
public final class Composites {
  private Composites() {}

  /**
   * {@code (x - mean) / sqrt(variance + epsilon)} over some axes; without centring {@code x /
   * sqrt(mean(x^2) + epsilon)}. Mean and difference are linear, the square and the root have their
   * secant slopes, and the quotient is a game of two players.
   */
  public static Node normalized(
      GraphBuilder graph, String name, Node x, int[] axes, double epsilon, boolean centre) {
    Node centred = x;
    if (centre) {
      Node mean = graph.add(name + "/mean", new Op.Reduce(Reduction.MEAN, axes, true), x);
      centred = graph.add(name + "/centred", new Op.Binary(Arithmetic.SUBTRACT), x, mean);
    }
    Node square = graph.add(name + "/square", function(Kind.SQUARE), centred);
    Node variance =
        graph.add(name + "/variance", new Op.Reduce(Reduction.MEAN, axes, true), square);
    Node least = graph.constant(name + "/epsilon", Tensor.scalar((float) epsilon));
    Node sum = graph.add(name + "/sum", new Op.Binary(Arithmetic.ADD), variance, least);
    Node deviation = graph.add(name + "/deviation", function(Kind.SQRT), sum);
    return graph.add(name + "/normalized", new Op.Binary(Arithmetic.DIVIDE), centred, deviation);
  }

  /**
   * {@code log(sum(exp(x)))} over some axes, with the largest taken out so that exp stays small.
   */
  public static Node logSumExp(
      GraphBuilder graph, String name, Node x, int[] axes, boolean keepDims) {
    Node largest = graph.add(name + "/largest", new Op.Reduce(Reduction.MAX, axes, true), x);
    Node shifted = graph.add(name + "/shifted", new Op.Binary(Arithmetic.SUBTRACT), x, largest);
    Node exp = graph.add(name + "/exp", function(Kind.EXPONENTIAL), shifted);
    Node sum = graph.add(name + "/sum", new Op.Reduce(Reduction.SUM, axes, true), exp);
    Node log = graph.add(name + "/log", function(Kind.LOG), sum);
    if (keepDims) {
      return graph.add(name, new Op.Binary(Arithmetic.ADD), log, largest);
    }
    Node value = graph.add(name + "/value", new Op.Binary(Arithmetic.ADD), log, largest);
    int[] kept =
        IntStream.range(0, x.shape().rank())
            .filter(axis -> Arrays.stream(axes).noneMatch(reduced -> reduced == axis))
            .map(x.shape()::dim)
            .toArray();
    return graph.add(name, new Op.Reshape(Shape.of(kept)), value);
  }

  private static Op function(Kind kind) {
    return new Op.Activation(ActivationFunction.of(kind));
  }
}
