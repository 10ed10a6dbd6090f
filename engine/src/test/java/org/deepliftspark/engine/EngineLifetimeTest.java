package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
import org.deepliftspark.engine.graph.Shape;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Engines and sessions from opening to closing: who may use what, and that nothing stays behind.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EngineLifetimeTest {
  private static final int LENGTH = 20;
  private static final int SIZE = LENGTH * 4;
  private static final int ROWS = 3;
  private static final int REFERENCES = 2;
  private static final int THREADS = 32;

  /** What a backend makes once per JVM, at a time of its choice. */
  private static final int CONSTANTS = 1 << 16;

  static Stream<String> backends() {
    return Backends.names().stream();
  }

  /** Other filters, another width and another method per seed. */
  private static Graph network(int seed) {
    int filters = 4 + seed;
    int width = 3 + 2 * (seed % 2);
    GraphBuilder builder = new GraphBuilder("network " + seed);
    Node at = builder.input("dna", Shape.of(LENGTH, 4));
    at = builder.add("first", new Op.Transpose(new int[] {1, 0}), at);
    Op conv =
        new Op.Conv(
            Draws.tensor(seed, filters, 4, width),
            Draws.tensor(seed + 1, filters),
            ConvGeometry.plain(1));
    at = builder.add("conv", conv, at);
    at = builder.add("relu", new Op.Activation(ActivationFunction.of(Kind.RELU)), at);
    at = builder.add("max", new Op.Reduce(Op.Reduction.MAX, new int[] {1}, false), at);
    Op dense = new Op.Dense(Draws.tensor(seed + 2, filters, 2), Draws.tensor(seed + 3, 2));
    builder.output("out", builder.add("dense", dense, at));
    return builder.build();
  }

  private static DeepLift open(String backend, int seed) {
    return DeepLift.open(
        network(seed),
        DeepLiftOptions.builder()
            .method(seed % 2 == 0 ? "rescale" : "reveal-cancel")
            .backend(backend)
            .targets(List.of("0", "1"))
            .references(List.of(ReferenceMode.given(REFERENCES)))
            .multipliers(true)
            .build());
  }

  private static Batch batch(int seed) {
    return new Batch(
        ROWS,
        List.of(Draws.numbers(seed, ROWS * SIZE)),
        List.of(Draws.numbers(seed + 1, ROWS * REFERENCES * SIZE)));
  }

  /** All numbers of an attribution, for comparisons bit for bit. */
  private static float[] numbers(Attribution found) {
    float[] contributions = found.contributions(0).floats();
    float[] multipliers = found.multipliers(0).floats();
    float[] predictions = found.predictions().floats();
    int both = contributions.length + multipliers.length;
    float[] all = Arrays.copyOf(contributions, both + predictions.length);
    System.arraycopy(multipliers, 0, all, contributions.length, multipliers.length);
    System.arraycopy(predictions, 0, all, both, predictions.length);
    return all;
  }

  private static float[] alone(String backend, int model, int rows) {
    try (DeepLift engine = open(backend, model);
        DeepLift.Session session = engine.newSession()) {
      return numbers(session.attribute(batch(rows)));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void enginesOfSeveralModelsInTurnGiveWhatEachGivesAlone(String backend) {
    try (DeepLift a = open(backend, 0);
        DeepLift b = open(backend, 1);
        DeepLift.Session ofA = a.newSession();
        DeepLift.Session ofB = b.newSession()) {
      for (int rows = 10; rows < 13; rows++) {
        assertThat(numbers(ofA.attribute(batch(rows)))).containsExactly(alone(backend, 0, rows));
        assertThat(numbers(ofB.attribute(batch(rows)))).containsExactly(alone(backend, 1, rows));
      }
    }
  }

  /** Each thread opens sessions of its own, again and again, as tasks do. */
  @ParameterizedTest
  @MethodSource("backends")
  void manyThreadsOnTwoEnginesGetTheNumbersOfOne(String backend) throws Exception {
    float[][][] expected = new float[2][4][];
    for (int model = 0; model < 2; model++) {
      for (int rows = 0; rows < 4; rows++) {
        expected[model][rows] = alone(backend, model, rows);
      }
    }
    long before = NativeUse.settled().counted();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (DeepLift a = open(backend, 0);
        DeepLift b = open(backend, 1)) {
      long oneSession = heldBySession(a) + heldBySession(b);
      long engines = NativeUse.settled().counted();
      CountDownLatch all = new CountDownLatch(THREADS);
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        tasks.add(
            () -> {
              all.countDown();
              all.await(); // all at once
              for (int repeat = 0; repeat < 6; repeat++) {
                int model = (number + repeat) % 2;
                int rows = (number / 2 + repeat) % 4;
                try (DeepLift.Session session = (model == 0 ? a : b).newSession()) {
                  assertThat(numbers(session.attribute(batch(rows))))
                      .as("thread %d, repeat %d", number, repeat)
                      .containsExactly(expected[model][rows]);
                }
              }
              return NativeUse.now().counted();
            });
      }
      for (Future<Long> future : threads.invokeAll(tasks)) {
        assertThat(future.get()).isLessThanOrEqualTo(engines + THREADS * oneSession + (4 << 20));
      }
    } finally {
      threads.shutdownNow();
    }
    long most = before + CONSTANTS;
    assertThat(NativeUse.countedDownTo(most)).as("bytes").isLessThanOrEqualTo(most);
  }

  /** What a session holds between two batches. */
  private static long heldBySession(DeepLift engine) {
    long before = NativeUse.settled().counted();
    try (DeepLift.Session session = engine.newSession()) {
      session.attribute(batch(0));
      return Math.max(0, NativeUse.now().counted() - before);
    }
  }

  /** A task that is killed closes its session between two batches, whatever it was about to do. */
  @ParameterizedTest
  @MethodSource("backends")
  void whatIsClosedBetweenTwoBatchesIsFreedAtOnce(String backend) {
    alone(backend, 0, 0); // what a backend keeps for good is there now
    long before = NativeUse.settled().counted();
    DeepLift engine = open(backend, 0);
    DeepLift.Session session = engine.newSession();
    session.attribute(batch(0));
    long held = NativeUse.now().counted();
    session.close();
    assertThat(NativeUse.now().counted()).isLessThanOrEqualTo(held);
    Batch bad = new Batch(1, List.of(new float[3]), List.of(new float[3]));
    try (DeepLift.Session other = engine.newSession()) {
      assertThatThrownBy(() -> other.attribute(bad)).isInstanceOf(InvalidInputException.class);
      other.attribute(batch(1));
    }
    engine.close();
    assertFreed(backend, before);
  }

  /**
   * Without a garbage collector, but for nd4j, whose arrays go at once and their descriptions, a
   * few kilobytes, with the collector.
   */
  private static void assertFreed(String backend, long before) {
    long counted =
        backend.equals("nd4j") ? NativeUse.countedDownTo(before) : NativeUse.now().counted();
    assertThat(counted).as("bytes").isLessThanOrEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void closingTwiceDoesNoHarmAndUsingWhatIsClosedIsRefused(String backend) {
    DeepLift engine = open(backend, 0);
    DeepLift.Session session = engine.newSession();
    session.close();
    session.close();
    assertThatThrownBy(() -> session.attribute(batch(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The session is closed: open another with newSession");
    engine.close();
    engine.close();
    assertThatThrownBy(engine::newSession)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The engine is closed: open another with DeepLift.open");
    assertThat(engine.description()).contains(backend);
    Predictor predictor = Predictor.open(network(0), backend);
    predictor.predict(ROWS, batch(0).inputs());
    predictor.close();
    predictor.close();
    assertThatThrownBy(() -> predictor.predict(ROWS, batch(0).inputs()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The predictor is closed");
  }

  /** The cache of a JVM may close an engine while a task's last batch is being computed. */
  @ParameterizedTest
  @MethodSource("backends")
  void anEngineThatIsClosedServesTheSessionsThatItHas(String backend) {
    float[] expected = alone(backend, 0, 5);
    long before = NativeUse.settled().counted();
    DeepLift engine = open(backend, 0);
    DeepLift.Session session = engine.newSession();
    engine.close();
    assertThat(numbers(session.attribute(batch(5)))).containsExactly(expected);
    assertThat(numbers(session.attribute(batch(5)))).containsExactly(expected);
    session.close();
    assertFreed(backend, before);
  }
}
