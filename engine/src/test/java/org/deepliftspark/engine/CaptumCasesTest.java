package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.api.Test;

/** Cases of captum's own tests (tests/attr), written down as numbers. */
class CaptumCasesTest {
  private static final Op ADD = new Op.Binary(Op.Arithmetic.ADD);
  private static final Op MULTIPLY = new Op.Binary(Op.Arithmetic.MULTIPLY);

  private static Op activation(Kind kind) {
    return new Op.Activation(ActivationFunction.of(kind));
  }

  private static Op dense(int in, int out, float[] inByOut) {
    return new Op.Dense(Tensor.of(inByOut, in, out), null);
  }

  private static Op ones(int in, int out) {
    return new Op.Dense(Tensor.filled(1, Shape.of(in, out)), null);
  }

  /** 2 f(x1) + 2 f(x2 - 1.5) on one input of two features. */
  private static Graph twice(Kind kind) {
    GraphBuilder builder = new GraphBuilder("case");
    Tensor identity = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
    Op shift = new Op.Dense(identity, Tensor.of(new float[] {0, -1.5f}, 2));
    Node at = builder.add("shift", shift, builder.input("x", Shape.of(2)));
    at = builder.add("activation", activation(kind), at);
    builder.output("y", builder.add("sum", dense(2, 1, new float[] {2, 2}), at));
    return builder.build();
  }

  @Test
  void c1Relu() {
    Explained.network(twice(Kind.RELU))
        .at(new float[] {1, 2})
        .contributes(2, 1)
        .multiplies(2, .5)
        .sumsToDelta();
  }

  @Test
  void c2Tanh() {
    Explained.network(twice(Kind.TANH))
        .at(new float[] {-1, -2})
        .contributes(-1.5231883, -.1860592)
        .sumsToDelta();
  }

  /** relu(3 x1[0] + x1[1]) + relu(x3 (2 x2[0] + 3 x2[1])). */
  private static Graph reluLinear() {
    GraphBuilder builder = new GraphBuilder("case");
    Node x1 = builder.input("x1", Shape.of(3));
    Node x2 = builder.input("x2", Shape.of(3));
    Node x3 = builder.input("x3", Shape.of(1));
    Node l1 = builder.add("l1", dense(3, 1, new float[] {3, 1, 0}), x1);
    Node l2 = builder.add("l2", dense(3, 1, new float[] {2, 3, 0}), x2);
    Node both = builder.add("both", new Op.Concat(0), l1, builder.add("times", MULTIPLY, l2, x3));
    Node relu = builder.add("relu", activation(Kind.RELU), both);
    builder.output("y", builder.add("l3", ones(2, 1), relu));
    return builder.build();
  }

  @Test
  void c3TwoInputsThroughOneActivation() {
    Explained.network(reluLinear())
        .hold(2)
        .at(new float[] {-10, 1, -5}, new float[] {3, 3, 1}, new float[] {1})
        .contributesOf(0, 0, 0, 0)
        .contributesOf(1, 6, 9, 0)
        .multipliesOf(1, 2, 3, 0)
        .sumsToDelta();
  }

  @Test
  void c3AFactorThatIsHeldScalesTheLayer() {
    Explained found =
        Explained.network(reluLinear())
            .hold(2)
            .targets("relu:0", "relu:1", "0")
            .at(new float[] {-10, 1, -5}, new float[] {3, 3, 1}, new float[] {3})
            .predicts(0, 45, 45)
            .contributesOf(1, 0, 0, 0, 18, 27, 0, 18, 27, 0)
            .sumsToDelta();
    found
        .byBackend()
        .forEach((backend, all) -> assertThat(all.contributions(2)).as(backend).isNull());
  }

  private static PoolGeometry window(int length) {
    return new PoolGeometry(new int[] {length}, new int[] {length}, new int[1], new int[1]);
  }

  @Test
  void c4MaxPoolCreditsTheWinnerOfTheReferenceWhereItFell() {
    float[] identity = new float[16];
    for (int i = 0; i < 4; i++) {
      identity[i * 5] = 1;
    }
    GraphBuilder builder = new GraphBuilder("case");
    Node at = builder.add("first", dense(4, 4, identity), builder.input("x", Shape.of(4)));
    at = builder.add("channel", new Op.Reshape(Shape.of(1, 4)), at);
    at = builder.add("pool", new Op.MaxPool(window(4)), at);
    at = builder.add("flat", new Op.Reshape(Shape.of(1)), at);
    builder.output("y", builder.add("last", ones(1, 1), at));
    Explained.network(builder.build())
        .fromGiven(0, 1, 1, 2, 3, 9, 4, 8, 6, 7)
        .at(new float[] {1, 1, 1, 1, 1, 1, 1, 1})
        .contributes(0, 0, 0, -8, 0, -7, 0, 0)
        .sumsToDelta();
  }

  @Test
  void c5MaxPoolRightBeforeAnActivation() {
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", Shape.of(3, 2));
    Node at = builder.add("first", new Op.Transpose(new int[] {1, 0}), x);
    at = builder.add("pool", new Op.MaxPool(window(3)), at);
    builder.output("y", builder.add("relu", activation(Kind.RELU), at));
    float[] input = {1, -3, 2, -2, -4, -1};
    Explained.network(builder.build())
        .targets("pool:0", "pool:1", "0", "1")
        .at(input)
        .predicts(2, -1, 2, 0)
        .sumsToDelta();
    // channel 0 passes 1 to its winner, channel 1 nothing
    Explained.network(builder.build())
        .targets("0", "1")
        .at(input)
        .multiplies(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void c6ASaturatedSigmoidSharesItsChangeInProportion() {
    GraphBuilder builder = new GraphBuilder("case");
    Node at = builder.add("first", ones(20, 10), builder.input("x", Shape.of(20)));
    at = builder.add("second", ones(10, 1), at);
    builder.output("y", builder.add("sigmoid", activation(Kind.SIGMOID), at));
    float[] x = new float[20];
    double[] expected = new double[20];
    for (int i = 0; i < 20; i++) {
      x[i] = i;
      expected[i] = .5 * i / 190;
    }
    Explained.network(builder.build())
        .targets("activated(0)")
        .at(x)
        .predicts(1)
        .contributes(expected)
        .sumsToDelta();
  }

  @Test
  void c8SeveralReferencesAreAveragedWithADeltaEach() {
    Explained found =
        Explained.network(twice(Kind.RELU))
            .from(0, 0, 0, 1, 1)
            .at(new float[] {1, 2, 1, 2, 2, 1})
            .predicts(3, 3, 4)
            .contributes(1, 1, 1, 1, 3, 0)
            .sumsToDelta();
    found
        .byBackend()
        .forEach(
            (backend, all) -> {
              assertThat(all.convergenceDelta().length()).as(backend).isEqualTo(6);
              assertThat(all.referencePredictions().doubles())
                  .as(backend)
                  .containsExactly(0, 2, 0, 2, 0, 2);
            });
  }

  /** relu(2 relu(2 x1 - x2)): both calls of each layer are nodes of their own. */
  @Test
  void c9LayersThatAreCalledTwiceWork() {
    Op shared = dense(2, 2, new float[] {2, 0, -1, 1});
    GraphBuilder builder = new GraphBuilder("case");
    Node at = builder.input("x", Shape.of(2));
    for (int call = 0; call < 2; call++) {
      at = builder.add("dense", shared, at);
      at = builder.add("relu", activation(Kind.RELU), at);
    }
    builder.output("y", at);
    // (3, 1) -> (5, 1) -> (9, 1); every unit rises from 0 without being cut
    Explained.network(builder.build())
        .targets("0", "1", "relu:0")
        .at(new float[] {3, 1})
        .predicts(9, 1, 5)
        .contributes(12, -3, 0, 1, 6, -1)
        .sumsToDelta();
    // (1, -1) -> (3, -1) is cut to (3, 0) -> (6, 0)
    Explained.network(builder.build())
        .targets("0", "1", "relu_1:0")
        .at(new float[] {1, -1})
        .contributes(4, 2, 0, 0, 4, 2)
        .sumsToDelta();
  }

  /** Two 3 x 3 filters of ones, biases -50 and -75; five weights of 1 behind them, three of -1. */
  private static Graph convolutional(boolean twoInputs) {
    GraphBuilder builder = new GraphBuilder("case");
    Shape plane = Shape.of(4, 4, 1);
    Node at = builder.input("x", plane);
    if (twoInputs) {
      at = builder.add("add", ADD, at, builder.input("x2", plane));
    }
    at = builder.add("first", new Op.Transpose(new int[] {2, 0, 1}), at);
    Tensor filters = Tensor.filled(1, Shape.of(2, 1, 3, 3));
    Tensor bias = Tensor.of(new float[] {-50, -75}, 2);
    at = builder.add("conv", new Op.Conv(filters, bias, ConvGeometry.plain(2)), at);
    at = builder.add("relu1", activation(Kind.RELU), at);
    at = builder.add("flat", new Op.Reshape(Shape.of(8)), at);
    at = builder.add("fc", dense(8, 1, new float[] {1, 1, 1, 1, 1, -1, -1, -1}), at);
    builder.output("y", builder.add("relu2", activation(Kind.RELU), at));
    return builder.build();
  }

  private static float[] upTo16() {
    float[] numbers = new float[16];
    for (int i = 0; i < 16; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private static float[] ones16() {
    float[] numbers = new float[16];
    Arrays.fill(numbers, 1);
    return numbers;
  }

  private static final double[] EVERY_CELL = {1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1};

  @Test
  void c10GuidedBackprop() {
    Explained.network(convolutional(false))
        .by("guided-backprop")
        .at(upTo16())
        .multiplies(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
    Explained.network(convolutional(true))
        .by("guided-backprop")
        .at(upTo16(), ones16())
        .multipliesOf(0, EVERY_CELL)
        .multipliesOf(1, EVERY_CELL);
  }

  /** What comes back is cut by its own sign only, so that a further input changes nothing. */
  @Test
  void c11Deconvnet() {
    double[] expected = {2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1};
    Explained.network(convolutional(false)).by("deconvnet").at(upTo16()).multiplies(expected);
    Explained.network(convolutional(true))
        .by("deconvnet")
        .at(upTo16(), ones16())
        .multipliesOf(0, expected)
        .multipliesOf(1, expected);
  }

  /** relu(relu(x1 - before) - after - relu(x2)). */
  private static Graph sameFunction(float before, float after) {
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", Shape.of(2));
    Tensor identity = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
    Op first = new Op.Dense(identity, Tensor.of(new float[] {-before, 0}, 2));
    Node inner = builder.add("inner", activation(Kind.RELU), builder.add("first", first, x));
    Op difference =
        new Op.Dense(Tensor.of(new float[] {1, -1}, 2, 1), Tensor.of(new float[] {-after}, 1));
    Node outer = builder.add("difference", difference, inner);
    builder.output("y", builder.add("outer", activation(Kind.RELU), outer));
    return builder.build();
  }

  @Test
  void c12IntegratedGradientsAreTheSameForTwoFormsOfAFunction() {
    for (int form = 0; form < 2; form++) {
      Explained.network(sameFunction(form, 1 - form))
          .by("integrated-gradients:100")
          .at(new float[] {3, 1})
          .predicts(1)
          .contributes(1.5, -.5);
    }
  }

  /** captum's BasicModel_MultiLayer; its second output is the first plus 2. */
  private static Graph multiLayer() {
    GraphBuilder builder = new GraphBuilder("case");
    Tensor bias = Tensor.of(new float[] {-10, 1, 1, 1}, 4);
    Op first = new Op.Dense(Tensor.filled(1, Shape.of(3, 4)), bias);
    Node at = builder.add("linear1", first, builder.input("x", Shape.of(3)));
    at = builder.add("relu", activation(Kind.RELU), at);
    Op second = new Op.Dense(Tensor.filled(1, Shape.of(4, 2)), Tensor.of(new float[] {-1, 1}, 2));
    builder.output("y", builder.add("linear2", second, at));
    return builder.build();
  }

  /** captum gives each place of a window the whole loss; here they share it. */
  @Test
  void c13Occlusion() {
    float[] x = {20, 50, 30};
    Graph graph = multiLayer();
    Explained.network(graph).targets("0").by("occlusion:1").at(x).contributes(80, 200, 120);
    Explained.network(graph)
        .targets("0")
        .by("occlusion:2")
        .fromAll(10)
        .at(x)
        .contributes(200 / 2., 220 / 2., 240 / 2.);
    Explained.network(graph)
        .targets("0")
        .by("occlusion:2:2")
        .at(x)
        .contributes(280 / 2., 280 / 2., 120);
    float[] third = {2, 10, 3};
    Explained.network(graph).targets("0").by("occlusion:1").at(third).contributes(8, 35, 12);
  }

  private static Graph lrp(float weight1, float weight2, Kind between) {
    return lrp(Tensor.filled(weight1, Shape.of(3, 3)), weight2, between);
  }

  private static Graph lrp(Tensor weight1, float weight2, Kind between) {
    GraphBuilder builder = new GraphBuilder("case");
    Op first = new Op.Dense(weight1, null);
    Node at = builder.add("linear", first, builder.input("x", Shape.of(3)));
    at = between == null ? at : builder.add("between", activation(between), at);
    Op second = new Op.Dense(Tensor.filled(weight2, Shape.of(3, 1)), null);
    builder.output("y", builder.add("linear2", second, at));
    return builder.build();
  }

  @Test
  void c14GammaAndAlphaBetaLrp() {
    float[] x = {1, 2, 3};
    Graph graph = lrp(firstWeightNegative(), 3, Kind.RELU);
    Explained.network(graph)
        .by("gamma-lrp:1")
        .at(x)
        .contributes(28 / 3., 104 / 3., 52)
        .sumsToDelta();
    Explained.network(graph).by("alpha-beta-lrp:1").at(x).contributes(12, 33.6, 50.4).sumsToDelta();
  }

  private static Tensor firstWeightNegative() {
    float[] weight = Tensor.filled(2, Shape.of(3, 3)).data().clone();
    weight[0] = -2;
    return Tensor.of(weight, 3, 3);
  }

  @Test
  void c14EpsilonLrp() {
    float[] x = {1, 2, 3};
    for (Kind between : new Kind[] {null, Kind.RELU}) {
      Explained.network(lrp(2, 3, between))
          .by("epsilon-lrp:1e-9")
          .at(x)
          .contributes(18, 36, 54)
          .sumsToDelta();
    }
    double share = .3 * Math.tanh(.6) / 6;
    assertThat(share).isCloseTo(.0269, within(5e-5));
    Explained.network(lrp(.1f, .1f, Kind.TANH))
        .by("epsilon-lrp:1e-9")
        .at(x)
        .contributes(share, 2 * share, 3 * share)
        .sumsToDelta();
  }

  /** Both cells of the window are 22; the first one wins. */
  @Test
  void c14EpsilonLrpThroughAMaximum() {
    GraphBuilder builder = new GraphBuilder("case");
    Op twos = new Op.Dense(Tensor.filled(2, Shape.of(2, 2)), null);
    Node at = builder.add("linear", twos, builder.input("x", Shape.of(2, 2)));
    builder.output("y", builder.add("pool", new Op.MaxPool(window(2)), at));
    Explained.network(builder.build())
        .targets("1")
        .by("epsilon-lrp:1e-9")
        .at(new float[] {1, 2, 5, 6})
        .predicts(22)
        .contributes(0, 0, 10, 12);
  }

  /** The maps of captum, each cell stretched over the 2 x 2 pixels that lie nearest. */
  @Test
  void c15GradCam() {
    double[][] maps = {{11.25, 13.5, 20.25, 22.5}, {0, 4, 28, 32.5}};
    String[] layers = {"conv", "relu1"};
    for (int i = 0; i < layers.length; i++) {
      Explained.network(convolutional(false))
          .by("grad-cam:" + layers[i])
          .at(upTo16())
          .contributes(stretched(maps[i]));
    }
    Explained.network(convolutional(false))
        .by("grad-cam")
        .at(upTo16())
        .contributes(stretched(maps[1]));
  }

  @Test
  void c15GuidedGradCamIsTheProductOfBoth() {
    double[] guided = {0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1};
    double[] map = stretched(0, 4, 28, 32.5);
    double[] expected = new double[16];
    double[] contributions = new double[16];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = guided[i] * map[i];
      contributions[i] = expected[i] * i;
    }
    Explained.network(convolutional(false))
        .by("guided-grad-cam")
        .at(upTo16())
        .multiplies(expected)
        .contributes(contributions);
  }

  private static double[] stretched(double... map) {
    double[] cells = new double[16];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = map[i / 8 * 2 + i % 4 / 2];
    }
    return cells;
  }
}
