package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Cases of DeepExplain's tests: relu(relu(x1 - 1) - relu(x2)) at (-10, -5), where every method says
 * 0, and (3, 1).
 */
class DeepExplainCasesTest {
  private static final Op RELU = new Op.Activation(ActivationFunction.of(Kind.RELU));
  private static final float[] ROWS = {-10, -5, 3, 1};

  private static Graph network() {
    GraphBuilder builder = new GraphBuilder("case");
    Tensor identity = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
    Op first = new Op.Dense(identity, Tensor.of(new float[] {-1, 0}, 2));
    Node at = builder.add("first", first, builder.input("x", Shape.of(2)));
    at = builder.add("inner", RELU, at);
    at = builder.add("second", new Op.Dense(Tensor.of(new float[] {1, -1}, 2, 1), null), at);
    builder.output("y", builder.add("outer", RELU, at));
    return builder.build();
  }

  @Test
  void x1SaliencyIsTheSizeOfTheGradient() {
    Explained.network(network())
        .by("gradient")
        .at(ROWS)
        .byBackend()
        .forEach(
            (backend, found) ->
                assertThat(Arrays.stream(found.multipliers(0).doubles()).map(Math::abs).toArray())
                    .as(backend)
                    .containsExactly(0, 0, 1, 1));
  }

  @Test
  void x2GradientTimesInput() {
    Explained.network(network()).by("gradient-x-input").at(ROWS).contributes(0, 0, 3, -1);
  }

  /** An even number of steps of the midpoint rule meets the integral, whose kink is half way. */
  @Test
  void x3IntegratedGradients() {
    Explained.network(network())
        .by("integrated-gradients:100")
        .at(ROWS)
        .contributes(0, 0, 1.5, -.5)
        .sumsToDelta();
  }

  @Test
  void x3RightEndPointsAndGaussLegendre() {
    for (String quadrature : new String[] {"right", "midpoint"}) {
      Explained.network(network())
          .by("integrated-gradients:100:" + quadrature)
          .at(ROWS)
          .contributes(0, 0, 1.5, -.5);
    }
    Explained.network(network())
        .by("integrated-gradients:100:gauss-legendre")
        .at(ROWS)
        .contributes(0, 0, 1.5, -.5)
        .sumsToDelta();
  }

  @Test
  void x4EpsilonLrp() {
    Explained.network(network()).by("epsilon-lrp:1e-7").at(ROWS).contributes(0, 0, 3, -1);
  }

  @Test
  void x5Rescale() {
    Explained.network(network()).at(ROWS).contributes(0, 0, 2, -1).sumsToDelta();
  }

  /** Equal to integrated gradients and to Shapley values, where Rescale is not. */
  @Test
  void x5RevealCancel() {
    Explained.network(network())
        .by("reveal-cancel")
        .at(ROWS)
        .contributes(0, 0, 1.5, -.5)
        .sumsToDelta();
  }

  @Test
  void x6Occlusion() {
    Explained.network(network()).by("occlusion:1").at(ROWS).contributes(0, 0, 1, -1);
    Explained.network(network()).by("occlusion:2").at(ROWS).contributes(0, 0, .5, .5);
  }

  /** min(x1, x2) as x1 - relu(x1 - x2); DeepExplain compares its sampled values to 0.05. */
  @Test
  void x9ShapleySampling() {
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", Shape.of(2));
    Tensor both = Tensor.of(new float[] {1, 1, 0, -1}, 2, 2);
    Node at = builder.add("both", new Op.Dense(both, null), x);
    int[] one = {1};
    Node first = builder.add("first", new Op.Slice(new int[] {0}, one, Shape.of(1)), at);
    Node second = builder.add("second", new Op.Slice(new int[] {1}, one, Shape.of(1)), at);
    Node relu = builder.add("relu", RELU, second);
    Op minus = new Op.Binary(Op.Arithmetic.SUBTRACT);
    builder.output("y", builder.add("min", minus, first, relu));
    Explained.network(builder.build())
        .by("shapley-sampling:1000")
        .at(new float[] {2, -2, 4, 2})
        .predicts(-2, 2)
        .sumsToDelta()
        .byBackend()
        .forEach(
            (backend, found) ->
                assertThat(found.contributions(0).doubles())
                    .as(backend)
                    .containsExactly(new double[] {0, -2, 1, 1}, within(.05)));
  }

  @Test
  void x7AReferenceThatIsNotZero() {
    float[] rows = {2, 0, 3, 0};
    for (String method : new String[] {"integrated-gradients:10", "rescale", "reveal-cancel"}) {
      Explained.network(network()).by(method).from(0, 1, 0).at(rows).contributes(1, 0, 2, 0);
    }
  }

  @Test
  void x7AReferenceThatIsTheInputContributesNothing() {
    for (String method : new String[] {"integrated-gradients:10", "rescale", "reveal-cancel"}) {
      Explained.network(network())
          .by(method)
          .fromGiven(0, 1, ROWS)
          .at(ROWS)
          .contributes(0, 0, 0, 0)
          .byBackend()
          .forEach(
              (backend, found) ->
                  assertThat(found.multipliers(0).doubles())
                      .as(backend)
                      .containsExactly(new double[] {0, 0, 1, -1}, within(1e-6)));
    }
  }

  @Test
  void x8TwoOutputsOfTwoInputs() {
    GraphBuilder builder = new GraphBuilder("case");
    Node x1 = builder.input("x1", Shape.of(1));
    Node x2 = builder.input("x2", Shape.of(1));
    Node first = builder.add("3x", new Op.Dense(Tensor.of(new float[] {3}, 1, 1), null), x1);
    Node second = builder.add("2x", new Op.Dense(Tensor.of(new float[] {2}, 1, 1), null), x2);
    builder.output("y1", builder.add("relu", RELU, first));
    builder.output("y2", builder.add("relu", RELU, second));
    float[][] inputs = {{-10, -5}, {3, 1}};
    for (String method : new String[] {"rescale", "reveal-cancel", "gradient-x-input"}) {
      Explained.network(builder.build())
          .by(method)
          .targets("y1:0", "y2:0")
          .at(inputs)
          .predicts(0, 6, 0, 2)
          .contributesOf(0, 0, 0, 0, 0)
          .contributesOf(1, 0, 6, 0, 2);
    }
  }
}
