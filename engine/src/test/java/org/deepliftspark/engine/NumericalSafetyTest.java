package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
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
import org.deepliftspark.engine.rule.RuleProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What numbers at the edge of their range do, by every method on every backend: results are defined
 * wherever they can be stored, and a row whose arithmetic overflows says so and touches no other.
 */
class NumericalSafetyTest {
  private static final int LENGTH = 8;
  private static final int SIZE = LENGTH * 4;
  private static final float HUGE = 1e30f;

  static Stream<String> methods() {
    return Stream.of(
        "rescale",
        "reveal-cancel",
        "genomics-default",
        "gradient",
        "gradient-x-input",
        "integrated-gradients:5",
        "integrated-gradients:5:gauss-legendre",
        "epsilon-lrp:0.1",
        "gamma-lrp:0.25",
        "alpha-beta-lrp:2",
        "guided-backprop",
        "guided-backprop-x-input",
        "guided-backprop-rescale",
        "deconvnet",
        "pass-through",
        "grad-cam:hidden",
        "guided-grad-cam:hidden",
        "smoothgrad:2:0.1",
        "expected-gradients",
        "occlusion:2",
        "in-silico-mutagenesis",
        "shapley-sampling:2");
  }

  /** Methods that take any numbers, not letters alone. */
  static Stream<String> ofAnyNumbers() {
    return methods().filter(method -> !method.equals("in-silico-mutagenesis"));
  }

  /** Convolution, ReLU, max-pool, dense, ReLU, two logits and a function of them. */
  private static Graph network(float scale, Op last) {
    GraphBuilder builder = new GraphBuilder("network");
    Node at = builder.input("dna", Shape.of(LENGTH, 4));
    at = builder.add("first", new Op.Transpose(new int[] {1, 0}), at);
    Op conv = new Op.Conv(scaled(1, scale, 3, 4, 3), scaled(2, scale, 3), ConvGeometry.plain(1));
    at = builder.add("conv", conv, at);
    at = builder.add("hidden", relu(), at);
    PoolGeometry pairs = new PoolGeometry(new int[] {2}, new int[] {2}, new int[1], new int[1]);
    at = builder.add("pool", new Op.MaxPool(pairs), at);
    at = builder.add("flat", new Op.Reshape(Shape.of(9)), at);
    at = builder.add("dense", new Op.Dense(scaled(3, scale, 9, 5), scaled(4, scale, 5)), at);
    at = builder.add("relu", relu(), at);
    at = builder.add("logits", new Op.Dense(scaled(5, scale, 5, 2), scaled(6, scale, 2)), at);
    builder.output("out", builder.add("out", last, at));
    return builder.build();
  }

  private static Tensor scaled(long seed, float scale, int... shape) {
    float[] numbers = Draws.tensor(seed, shape).data();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= scale;
    }
    return Tensor.of(numbers, shape);
  }

  private static Op relu() {
    return new Op.Activation(ActivationFunction.of(Kind.RELU));
  }

  private static Op sigmoid() {
    return new Op.Activation(ActivationFunction.of(Kind.SIGMOID));
  }

  private static float[] letters(long seed, int rows) {
    float[] numbers = new float[rows * SIZE];
    float[] draws = Draws.numbers(seed, rows * LENGTH);
    for (int i = 0; i < draws.length; i++) {
      numbers[i * 4 + (int) Math.abs(draws[i] * 1000) % 4] = 1;
    }
    return numbers;
  }

  private static Attribution explain(
      String backend, Graph graph, String method, String target, float[] rows, float[] references) {
    return explain(backend, RuleProfile.DEFAULT, graph, method, target, rows, references);
  }

  private static Attribution explain(
      String backend,
      RuleProfile profile,
      Graph graph,
      String method,
      String target,
      float[] rows,
      float[] references) {
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(method)
            .profile(profile)
            .backend(backend)
            .targets(List.of(target))
            .references(List.of(ReferenceMode.given(1)))
            .multipliers(true)
            .build();
    int count = rows.length / graph.inputs().get(0).shape().size();
    long[] seeds = new long[count];
    Arrays.fill(seeds, 7);
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      return session.attribute(new Batch(count, List.of(rows), List.of(references), seeds));
    }
  }

  private static void assertFinite(String what, Attribution found) {
    for (int row = 0; row < found.rows(); row++) {
      assertThat(found.isFinite(row, 0)).as("%s, row %d", what, row).isTrue();
    }
  }

  private static void assertSums(String what, String method, Attribution found) {
    if (List.of("rescale", "reveal-cancel", "genomics-default").contains(method)) {
      assertThat(Completeness.of(found)).as(what).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("ofAnyNumbers")
  void inputsNextToZeroAndEqualToTheirReferencesHaveDefinedScores(String method) {
    float[] rows = new float[6 * SIZE]; // row 0: every letter an N
    Arrays.fill(rows, SIZE, 2 * SIZE, -0f);
    Arrays.fill(rows, 2 * SIZE, 3 * SIZE, Float.MIN_VALUE);
    Arrays.fill(rows, 3 * SIZE, 4 * SIZE, -1e-40f);
    System.arraycopy(letters(1, 2), 0, rows, 4 * SIZE, 2 * SIZE);
    float[] references = new float[rows.length];
    System.arraycopy(rows, 5 * SIZE, references, 5 * SIZE, SIZE); // row 5: no difference at all
    for (RuleProfile profile : RuleProfile.values()) {
      for (String backend : Backends.names()) {
        String what = method + ", " + profile + " on " + backend;
        Attribution found =
            explain(backend, profile, network(1, sigmoid()), method, "0", rows, references);
        assertFinite(what, found);
        for (int i = 5 * SIZE; i < 6 * SIZE && ofDelta(method); i++) {
          assertThat(found.contributions(0).get(i)).as("%s, %d", what, i).isZero();
        }
        if (profile == RuleProfile.DEFAULT) {
          assertSums(what, method, found);
        }
      }
    }
  }

  /** Whether contributions are multiplier x (input - reference). */
  private static boolean ofDelta(String method) {
    return !method.endsWith("-x-input")
        && !method.contains("-lrp")
        && !method.contains("grad-cam")
        && !method.startsWith("smoothgrad")
        && !method.equals("in-silico-mutagenesis");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aNetworkThatIsConstantExplainsNothing(String method) {
    float[] rows = letters(2, 3);
    for (Op last : List.of(sigmoid(), new Op.Softmax(0))) {
      for (String backend : Backends.names()) {
        String what = method + ", " + last.label() + " on " + backend;
        Graph graph = network(0, last);
        Attribution found =
            explain(backend, graph, method, "activated(0)", rows, new float[rows.length]);
        assertFinite(what, found);
        assertThat(Arrays.stream(found.contributions(0).doubles()).allMatch(n -> n == 0))
            .as(what)
            .isTrue();
      }
    }
  }

  /** Logits of 1e30 are far beyond where a sigmoid or softmax still moves. */
  @ParameterizedTest
  @MethodSource("methods")
  void saturatedTargetsHaveDefinedScores(String method) {
    float[] rows = letters(3, 4);
    float[] references = letters(4, 4);
    System.arraycopy(rows, 0, references, 0, SIZE);
    for (Op last : List.of(sigmoid(), new Op.Softmax(0))) {
      for (String backend : Backends.names()) {
        String what = method + ", " + last.label() + " on " + backend;
        Graph graph = network(1e10f, last);
        Attribution found = explain(backend, graph, method, "activated(0)", rows, references);
        assertFinite(what, found);
        assertSums(what, method, found);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ofAnyNumbers")
  void oneLargeRowTouchesNoOther(String method) {
    float[] rows = letters(5, 3);
    float[] alone = rows.clone();
    for (int i = SIZE; i < 2 * SIZE; i++) {
      rows[i] *= HUGE;
    }
    float[] references = new float[rows.length];
    Graph graph = network(1e4f, sigmoid()); // 1e30 times three layers of weights is beyond 3.4e38
    for (String backend : Backends.names()) {
      String what = method + " on " + backend;
      Attribution found = explain(backend, graph, method, "0", rows, references);
      Attribution usual = explain(backend, graph, method, "0", alone, references);
      assertThat(found.isFinite(1, 0)).as(what).isFalse();
      for (int row : new int[] {0, 2}) {
        assertThat(found.isFinite(row, 0)).as(what).isTrue();
        assertThat(slice(found, row)).as(what).containsExactly(slice(usual, row));
      }
    }
  }

  private static float[] slice(Attribution found, int row) {
    return Arrays.copyOfRange(found.contributions(0).floats(), row * SIZE, (row + 1) * SIZE);
  }

  /** Infinity minus infinity in front of a ReLU, a max-pool and a sigmoid, all of which bound. */
  @ParameterizedTest
  @MethodSource("methods")
  void anOverflowInsideIsNotHiddenByWhatBoundsItsResult(String method) {
    float[] rows = letters(6, 2);
    for (String backend : Backends.names()) {
      Attribution found =
          explain(
              backend,
              network(5e37f, sigmoid()),
              method,
              "activated(0)",
              rows,
              new float[rows.length]);
      assertThat(found.isFinite(0, 0)).as("%s on %s", method, backend).isFalse();
      assertThat(found.isFinite(1, 0)).as("%s on %s", method, backend).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aSequenceOfOneLetterIsExplained(String method) {
    GraphBuilder builder = new GraphBuilder("one");
    Node at = builder.input("dna", Shape.of(1, 4));
    at = builder.add("first", new Op.Transpose(new int[] {1, 0}), at);
    at =
        builder.add("conv", new Op.Conv(Draws.tensor(1, 3, 4, 1), null, ConvGeometry.plain(1)), at);
    at = builder.add("hidden", relu(), at);
    at = builder.add("flat", new Op.Reshape(Shape.of(3)), at);
    at = builder.add("dense", new Op.Dense(Draws.tensor(2, 3, 1), null), at);
    builder.output("out", at);
    for (String backend : Backends.names()) {
      String what = method + " on " + backend;
      Attribution found =
          explain(
              backend,
              builder.build(),
              method.equals("occlusion:2") ? "occlusion:1" : method,
              "0",
              new float[] {0, 1, 0, 0, 0, 0, 0, 0},
              new float[8]);
      assertFinite(what, found);
      assertSums(what, method, found);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void inputsAndReferencesThatAreNotFiniteAreRefused(float number) {
    float[] rows = letters(7, 2);
    float[] bad = rows.clone();
    bad[SIZE + 3] = number;
    for (String method : List.of("rescale", "occlusion:2")) {
      for (String backend : Backends.names()) {
        Graph graph = network(1, sigmoid());
        assertThatThrownBy(() -> explain(backend, graph, method, "0", bad, rows))
            .isInstanceOf(InvalidInputException.class)
            .hasMessage("Invalid input 'dna': row 1 holds " + number + ", expected finite numbers");
        assertThatThrownBy(() -> explain(backend, graph, method, "0", rows, bad))
            .isInstanceOf(InvalidInputException.class)
            .hasMessage(
                "Invalid references of input 'dna': row 1 holds "
                    + number
                    + ", expected finite numbers");
      }
    }
    float[] shared = new float[SIZE];
    shared[2] = number;
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .targets(List.of("0"))
            .references(List.of(ReferenceMode.shared(Tensor.of(shared, 1, LENGTH, 4))))
            .build();
    assertThatThrownBy(() -> DeepLift.open(network(1, sigmoid()), options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid references of input 'dna': expected finite numbers, found " + number);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightsThatAreNotFiniteAreRefusedWhereATargetNeedsThem(float number) {
    float[] weight = {1, 2, number, 4, number, 6};
    GraphBuilder builder = new GraphBuilder("two heads");
    Node x = builder.input("x", Shape.of(3));
    builder.output("sound", builder.add("sound", new Op.Dense(Draws.tensor(1, 3, 1), null), x));
    builder.output("broken", builder.add("broken", new Op.Dense(Tensor.of(weight, 3, 2), null), x));
    float[] row = {1, 2, 3};
    for (String backend : Backends.names()) {
      assertFinite(
          backend, explain(backend, builder.build(), "rescale", "sound:0", row, new float[3]));
      assertThatThrownBy(
              () -> explain(backend, builder.build(), "rescale", "broken:1", row, new float[3]))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "Invalid weight of node 'broken' (Dense): 2 of 6 numbers are not finite, such as "
                  + number
                  + " at 2; look how the model was trained or converted");
    }
  }

  @Test
  void aBatchWithoutRowsIsRefused() {
    for (String backend : Backends.names()) {
      assertThatThrownBy(
              () ->
                  explain(
                      backend, network(1, sigmoid()), "rescale", "0", new float[0], new float[0]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Invalid batch: expected at least 1 row, found 0");
    }
  }
}
