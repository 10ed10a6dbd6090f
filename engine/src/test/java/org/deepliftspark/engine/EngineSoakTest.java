package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.api.Test;

/**
 * Small jobs one after the other in one JVM: a model file is read, an engine opened on one of the
 * backends, a few rows explained, all closed. Numbers stay the same bit for bit, native memory and
 * heap stay flat. Property {@code deeplift.nightly} (Maven profile {@code nightly}) makes it
 * {@value #NIGHTLY_CYCLES} engines.
 */
class EngineSoakTest {
  private static final boolean NIGHTLY = Boolean.getBoolean("deeplift.nightly");
  private static final int NIGHTLY_CYCLES = 10_000;
  private static final int CYCLES =
      Integer.getInteger("deeplift.soak.cycles", NIGHTLY ? NIGHTLY_CYCLES : 72);

  /**
   * The JVM's compiler, the heap's size and the allocators of native libraries settle until here.
   */
  private static final double WARM_UP = 0.3;

  private static final int SAMPLES = NIGHTLY ? 100 : 10;
  private static final int REFERENCES = 2;
  private static final Path MODELS = Path.of("src/test/resources/golden/attribution");
  private static final List<String> FILES =
      List.of("conv1d_keras/model.keras", "mlp_h5/model.h5", "conv1d_maxpool/model.onnx");
  private static final List<String> METHODS =
      List.of("rescale", "reveal-cancel", "integrated-gradients:4", "occlusion:1");

  /** Descriptions of ND4J's arrays that the collector has not got to. */
  private static final long GARBAGE_BYTES = 256 << 10;

  /** Growth of the resident memory that is no leak: arenas of the allocator, compiled code. */
  private static final long SLACK_BYTES = 48L << 20;

  @Test
  void memoryStaysFlatHoweverOftenEnginesAreOpenedAndClosed() throws IOException {
    long start = System.nanoTime();
    Map<String, float[]> first = new HashMap<>();
    List<NativeUse> samples = new ArrayList<>();
    say("start", 0, NativeUse.settled(), start);
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      String job = job(cycle);
      float[] found = run(job);
      assertThat(found)
          .as("cycle %d, %s", cycle, job)
          .containsExactly(first.computeIfAbsent(job, key -> found));
      int done = cycle + 1;
      if (done >= CYCLES * WARM_UP && done * SAMPLES / CYCLES > cycle * SAMPLES / CYCLES) {
        samples.add(NativeUse.settled());
        say(
            samples.size() == 1 ? "warm" : "on the way",
            done,
            samples.get(samples.size() - 1),
            start);
      }
    }
    say("end", CYCLES, samples.get(samples.size() - 1), start);
    assertFlat(samples);
  }

  /** Backend, file and method by the number of the cycle: after a while each with each. */
  private static String job(int cycle) {
    List<String> backends = Backends.names();
    String backend = backends.get(cycle % backends.size());
    String file = FILES.get(cycle / backends.size() % FILES.size());
    String method = METHODS.get(cycle / backends.size() / FILES.size() % METHODS.size());
    return backend + " " + file + " " + method;
  }

  private static float[] run(String job) throws IOException {
    String[] parts = job.split(" ");
    Path file = MODELS.resolve(parts[1]);
    Graph graph = Models.read(ModelSource.of(parts[1], Files.readAllBytes(file)));
    Node input = graph.inputs().get(0);
    int rows = 2;
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .backend(parts[0])
            .method(parts[2])
            .targets(List.of("0"))
            .references(List.of(ReferenceMode.given(REFERENCES)))
            .multipliers(true)
            .build();
    Batch batch =
        new Batch(
            rows,
            List.of(Draws.numbers(1, rows * input.shape().size())),
            List.of(Draws.numbers(2, rows * REFERENCES * input.shape().size())));
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      return session.attribute(batch).contributions(0).floats();
    }
  }

  /** Compares the last third of the samples with the first, each by its median. */
  private static void assertFlat(List<NativeUse> samples) {
    int third = samples.size() / 3;
    List<NativeUse> early = samples.subList(0, third);
    List<NativeUse> late = samples.subList(samples.size() - third, samples.size());
    assertThat(median(late, NativeUse::counted))
        .as("bytes that the backends hold")
        .isLessThanOrEqualTo(median(early, NativeUse::counted) + GARBAGE_BYTES);
    assertThat(median(late, NativeUse::resident))
        .as("resident bytes")
        .isLessThan(median(early, NativeUse::resident) + SLACK_BYTES);
    assertThat(median(late, NativeUse::heap))
        .as("bytes of the heap")
        .isLessThan(median(early, NativeUse::heap) * 11 / 10 + (4 << 20));
  }

  private static long median(List<NativeUse> samples, ToLongFunction<NativeUse> part) {
    long[] sizes = samples.stream().mapToLong(part).sorted().toArray();
    return sizes[sizes.length / 2];
  }

  private static void say(String when, int cycle, NativeUse use, long start) {
    if (NIGHTLY || !when.equals("on the way")) {
      System.out.printf(
          "soak: %s, engine %d, %d s: %s%n",
          when, cycle, Duration.ofNanos(System.nanoTime() - start).toSeconds(), use);
    }
  }
}
