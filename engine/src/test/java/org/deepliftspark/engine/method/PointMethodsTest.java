package org.deepliftspark.engine.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleBackend;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.RandomGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of the methods that ask points, on random networks and on every backend. */
class PointMethodsTest {
  private static final int GRAPHS = 30;
  private static final int ROWS = 2;
  private static final int REFERENCES = 2;

  static Stream<String> onAnyInput() {
    return Stream.of(
        "smoothgrad:3:0.2",
        "expected-gradients",
        "occlusion:1",
        "occlusion:2:4",
        "shapley-sampling:2");
  }

  private static DeepLiftOptions options(String method, String backend, ReferenceMode references) {
    return DeepLiftOptions.builder()
        .method(method)
        .targets(List.of("all"))
        .references(List.of(references))
        .multipliers(true)
        .hypothetical(Method.of(method).hasMultipliers())
        .backend(backend)
        .build();
  }

  private static Attribution explain(Graph graph, DeepLiftOptions options, Batch batch) {
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      return session.attribute(batch);
    }
  }

  private static Attribution oracle(Graph graph, DeepLiftOptions options, Batch batch) {
    Program program = DeepLift.compile(graph, options);
    Method method = Method.of(options.method());
    try (Executable executable =
            new OracleBackend().compile(program, new BackendOptions(Precision.F64, 0));
        Workspace workspace = executable.newWorkspace()) {
      return new PointSession(
              PointMethod.of(method),
              method.isRandom(),
              program,
              workspace,
              graph.inputs(),
              options.references(),
              true,
              Collections.nCopies(graph.inputs().size(), null))
          .attribute(batch);
    }
  }

  private static Batch batch(Graph graph, long seed) {
    int size = graph.inputs().get(0).shape().size();
    Random random = new Random(~seed);
    float[] x = numbers(random, ROWS * size);
    float[] references = numbers(random, ROWS * REFERENCES * size);
    return new Batch(ROWS, List.of(x), List.of(references), new long[] {seed, -seed});
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static double largest(Numbers numbers) {
    return Arrays.stream(numbers.doubles()).map(Math::abs).max().orElse(0);
  }

  /** Points lie apart from each other, so that some graphs amplify the rounding of float. */
  @ParameterizedTest
  @MethodSource("onAnyInput")
  void backendsAgreeWithTheOracle(String method) {
    int compared = 0;
    for (long seed = 1; seed <= GRAPHS; seed++) {
      Graph graph = RandomGraph.draw(seed);
      Batch batch = batch(graph, seed);
      DeepLiftOptions options = options(method, "nd4j", ReferenceMode.given(REFERENCES));
      Attribution expected = oracle(graph, options, batch);
      double scale = Math.max(largest(expected.predictions()), largest(expected.contributions(0)));
      if (isSensitive(graph, options, batch, expected, scale)) {
        continue;
      }
      compared++;
      for (String backend : Backends.names()) {
        Attribution found =
            explain(graph, options(method, backend, ReferenceMode.given(REFERENCES)), batch);
        assertThat(found.contributions(0).doubles())
            .as("%s of graph %d on %s", method, seed, backend)
            .containsExactly(
                expected.contributions(0).doubles(), within(2e-4 * Math.max(1e-2, scale)));
      }
    }
    assertThat(compared).isGreaterThan(GRAPHS / 2);
  }

  private static boolean isSensitive(
      Graph graph, DeepLiftOptions options, Batch batch, Attribution expected, double scale) {
    float[] nudged = batch.inputs().get(0).clone();
    for (int i = 0; i < nudged.length; i++) {
      nudged[i] *= i % 2 == 0 ? 1 + 1e-6f : 1 - 1e-6f;
    }
    Batch changed = new Batch(ROWS, List.of(nudged), batch.references(), batch.seeds());
    double[] other = oracle(graph, options, changed).contributions(0).doubles();
    double[] one = expected.contributions(0).doubles();
    for (int i = 0; i < one.length; i++) {
      if (Math.abs(one[i] - other[i]) > 4e-5 * Math.max(1e-2, scale)) {
        return true;
      }
    }
    return false;
  }

  /** However few the orderings: what the turns of an ordering change telescopes. */
  @Test
  void shapleyValuesSumToDelta() {
    for (long seed = 1; seed <= GRAPHS; seed++) {
      Graph graph = RandomGraph.draw(seed);
      DeepLiftOptions options =
          options("shapley-sampling:1", "nd4j", ReferenceMode.given(REFERENCES));
      Attribution found = oracle(graph, options, batch(graph, seed));
      double scale = Math.max(1, largest(found.predictions()));
      assertThat(largest(found.convergenceDelta()))
          .as("graph %d", seed)
          .isLessThan(1e-11 * scale * graph.inputs().get(0).shape().size());
    }
  }

  /** No row's numbers depend on the rows beside it. */
  @ParameterizedTest
  @MethodSource("onAnyInput")
  void rowsDoNotDependOnEachOther(String method) {
    Graph graph = ofLetters(5);
    Batch batch = batch(graph, 5);
    for (String backend : Backends.names()) {
      DeepLiftOptions options = options(method, backend, ReferenceMode.given(REFERENCES));
      double[] together = explain(graph, options, batch).contributions(0).doubles();
      double largest = Arrays.stream(together).map(Math::abs).max().orElse(0);
      for (int row = 0; row < ROWS; row++) {
        double[] alone =
            explain(graph, options, only(graph, batch, row)).contributions(0).doubles();
        assertThat(Arrays.copyOfRange(together, row * alone.length, (row + 1) * alone.length))
            .as("%s on %s", method, backend)
            .containsExactly(alone, within(backend.equals("onnx") ? 0 : 2e-6 * largest));
      }
    }
  }

  private static Batch only(Graph graph, Batch batch, int row) {
    int size = graph.inputs().get(0).shape().size();
    int ofReferences = REFERENCES * size;
    return new Batch(
        1,
        List.of(Arrays.copyOfRange(batch.inputs().get(0), row * size, (row + 1) * size)),
        List.of(
            Arrays.copyOfRange(
                batch.references().get(0), row * ofReferences, (row + 1) * ofReferences)),
        new long[] {batch.seeds()[row]});
  }

  @ParameterizedTest
  @ValueSource(strings = {"smoothgrad:3:0.2", "expected-gradients", "shapley-sampling:1"})
  void randomNumbersComeFromTheRowsSeed(String method) {
    Graph graph = ofLetters(5);
    Batch batch = batch(graph, 7);
    DeepLiftOptions options = options(method, "nd4j", ReferenceMode.given(REFERENCES));
    double[] first = oracle(graph, options, batch).contributions(0).doubles();
    assertThat(oracle(graph, options, batch).contributions(0).doubles()).containsExactly(first);
    Batch other = new Batch(ROWS, batch.inputs(), batch.references(), new long[] {1, 2});
    assertThat(oracle(graph, options, other).contributions(0).doubles()).isNotEqualTo(first);
    Batch without = new Batch(ROWS, batch.inputs(), batch.references());
    assertThatThrownBy(() -> oracle(graph, options, without))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid batch: the method draws random numbers, expected a seed for each row");
  }

  /** A network of letters: what each of them changes is in its prediction. */
  private static Graph ofLetters(int length) {
    Op relu = new Op.Activation(ActivationFunction.of(Kind.RELU));
    Random random = new Random(3);
    GraphBuilder builder = new GraphBuilder("letters");
    Node x = builder.input("x", Shape.of(length, 4));
    Node at = builder.add("flat", new Op.Reshape(Shape.of(4 * length)), x);
    at = builder.add("d1", new Op.Dense(tensor(random, 4 * length, 8), tensor(random, 8)), at);
    at = builder.add("relu", relu, at);
    builder.output("y", builder.add("d2", new Op.Dense(tensor(random, 8, 2), null), at));
    return builder.build();
  }

  private static Tensor tensor(Random random, int... dims) {
    return Tensor.of(numbers(random, Shape.of(dims).size()), dims);
  }

  private static float[] letters(String sequence) {
    float[] x = new float[4 * sequence.length()];
    for (int i = 0; i < sequence.length(); i++) {
      int letter = "ACGT".indexOf(sequence.charAt(i));
      if (letter >= 0) {
        x[4 * i + letter] = 1;
      }
    }
    return x;
  }

  private static ReferenceMode zeros(int length) {
    return ReferenceMode.shared(Tensor.filled(0, Shape.of(1, length, 4)));
  }

  @Test
  void mutagenesisGivesWhatEachLetterChanges() {
    String sequence = "GATNACA";
    Graph graph = ofLetters(7);
    for (String backend : Backends.names()) {
      DeepLiftOptions options = options("in-silico-mutagenesis", backend, zeros(7));
      Batch batch = new Batch(1, List.of(letters(sequence)), Arrays.asList((float[]) null));
      Attribution found = explain(graph, options, batch);
      double[] changes = found.multipliers(0).doubles();
      for (int position = 0; position < 7; position++) {
        for (int letter = 0; letter < 4; letter++) {
          String other =
              sequence.substring(0, position)
                  + "ACGT".charAt(letter)
                  + sequence.substring(position + 1);
          Attribution mutant =
              explain(
                  graph,
                  options("rescale", backend, zeros(7)),
                  new Batch(1, List.of(letters(other)), Arrays.asList((float[]) null)));
          for (int target = 0; target < 2; target++) {
            assertThat(changes[target * 28 + position * 4 + letter])
                .as("%s to %s on %s", sequence, other, backend)
                .isCloseTo(
                    mutant.predictions().get(target) - found.predictions().get(target),
                    within(1e-5));
          }
        }
      }
      assertCentred(found, letters(sequence));
    }
  }

  private static void assertCentred(Attribution found, float[] x) {
    double[] centred = found.hypothetical(0).doubles();
    double[] contributions = found.contributions(0).doubles();
    for (int cell = 0; cell < centred.length; cell += 4) {
      assertThat(Arrays.stream(centred, cell, cell + 4).sum()).isCloseTo(0, within(1e-5));
    }
    for (int cell = 0; cell < centred.length; cell++) {
      assertThat(contributions[cell]).isCloseTo(x[cell % x.length] * centred[cell], within(1e-6));
    }
  }

  @Test
  void mutagenesisRefusesWhatIsNoLetter() {
    float[] x = letters("GATTACA");
    x[5] = .5f;
    Batch batch = new Batch(1, List.of(x), Arrays.asList((float[]) null));
    assertThatThrownBy(
            () -> explain(ofLetters(7), options("in-silico-mutagenesis", "nd4j", zeros(7)), batch))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid input: in-silico-mutagenesis puts letters, expected one 1 or none at each"
                + " position of an input of shape [7, 4], found 0.5 in cell 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"occlusion:2", "shapley-sampling:3", "grad-cam"})
  void hypotheticalContributionsAreRefusedWhereThereAreNone(String method) {
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(method)
            .targets(List.of("0"))
            .references(List.of(zeros(7)))
            .hypothetical(true)
            .build();
    assertThatThrownBy(() -> DeepLift.compile(ofLetters(7), options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --hypothetical: "
                + Method.of(method).kind().key()
                + " says nothing of letters that are not there");
  }

  /** Two inputs, one of them held: its numbers stay, and it gets no scores. */
  @ParameterizedTest
  @MethodSource("onAnyInput")
  void anInputThatIsHeldStays(String method) {
    GraphBuilder builder = new GraphBuilder("two");
    Node x = builder.input("x", Shape.of(3));
    Node gate = builder.input("gate", Shape.of(3));
    Node at = builder.add("gated", new Op.Binary(Op.Arithmetic.MULTIPLY), x, gate);
    Tensor weights = Tensor.of(new float[] {1, 2, 4}, 3, 1);
    builder.output("y", builder.add("sum", new Op.Dense(weights, null), at));
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(method.startsWith("occlusion") ? "occlusion:1" : method)
            .references(
                List.of(
                    ReferenceMode.shared(Tensor.filled(1, Shape.of(1, 3))), ReferenceMode.hold()))
            .build();
    Batch batch =
        new Batch(
            1,
            List.of(new float[] {3, 3, 3}, new float[] {1, 0, -1}),
            Arrays.asList(null, null),
            new long[] {1});
    for (String backend : Backends.names()) {
      Attribution found =
          explain(
              builder.build(),
              new DeepLiftOptions(
                  options.method(),
                  options.profile(),
                  options.targets(),
                  options.references(),
                  false,
                  false,
                  backend,
                  options.precision(),
                  0,
                  options.gpu()),
              batch);
      assertThat(found.contributions(0).doubles())
          .as("%s on %s", method, backend)
          .containsExactly(new double[] {2, 0, -8}, within(1e-6));
      assertThat(found.contributions(1)).isNull();
      assertThat(found.convergenceDelta().get(0)).isCloseTo(0, within(1e-6));
    }
  }
}
