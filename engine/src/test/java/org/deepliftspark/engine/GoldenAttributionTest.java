package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepliftspark.engine.GoldenCase.Expected;
import org.deepliftspark.engine.GoldenCase.Setting;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.OracleInterpreter;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.RuleProfile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scores of other implementations, from file to file: importer, rules, backend and the average over
 * references together, all targets of a case in one run.
 */
class GoldenAttributionTest {
  private static final Path OWN = Path.of("src/test/resources/golden/attribution");

  /** The judge of all backends; not one itself. */
  private static final String ORACLE = "oracle";

  /** Of the largest of |f(x)|, |f(reference)| and the sum of |contributions|, in float. */
  private static final double COMPLETENESS = 1e-5;

  /**
   * Expected arrays that are wrong themselves. The gradient of the weighted profile: rows 2 and 3
   * were computed with the weights of rows 0 and 1; finite differences say so and agree with us.
   */
  private static final Set<String> DEFECTIVE =
      Set.of("bpnet_small/expected_gradient_profile_wn.npy");

  /** One run: a model file of a case by a method, on a backend. */
  record Run(GoldenCase golden, String model, Setting setting, String backend) {
    @Override
    public String toString() {
      return golden.name() + " " + Path.of(model).getFileName() + " " + setting + " " + backend;
    }
  }

  static Stream<Run> ownRuns() {
    List<String> backends = new ArrayList<>(Backends.names());
    backends.add(ORACLE);
    return runs(GoldenCase.in(OWN), backends);
  }

  private static Stream<Run> runs(List<GoldenCase> cases, List<String> backends) {
    List<Run> runs = new ArrayList<>();
    for (GoldenCase golden : cases) {
      for (String model : golden.models()) {
        for (Setting setting : golden.settings()) {
          backends.forEach(backend -> runs.add(new Run(golden, model, setting, backend)));
        }
      }
    }
    return runs.stream();
  }

  /** Goldens beside the project, or where DEEPLIFT_SHARED says; not part of the project. */
  private static Path sharedGoldens() {
    String environment = System.getenv().getOrDefault("DEEPLIFT_SHARED", "../../shared");
    return Path.of(System.getProperty("deeplift.shared", environment)).resolve("golden");
  }

  @Test
  void carriesGoldensOfItsOwn() {
    assertThat(GoldenCase.in(OWN)).hasSizeGreaterThanOrEqualTo(12);
    assertThat(ownRuns().map(Run::backend)).contains("onnx", "nd4j", ORACLE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ownRuns")
  void agreesWithShapAndWithTheRulesInNumPy(Run run) {
    check(run);
  }

  /** Says so in the report where they are absent; a factory of no tests would not show. */
  @Test
  void findsTheSharedGoldens() {
    assumeTrue(
        Files.isDirectory(sharedGoldens()),
        () -> "no shared goldens at " + sharedGoldens().toAbsolutePath().normalize());
    assertThat(GoldenCase.in(sharedGoldens())).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> agreesWithOtherImplementations() {
    // without the oracle, which is too slow for networks of this size
    return runs(GoldenCase.in(sharedGoldens()), Backends.names())
        .map(run -> DynamicTest.dynamicTest(run.toString(), () -> check(run)));
  }

  private static void check(Run run) {
    Graph graph = run.golden().graph(run.model());
    List<Expected> expected = run.golden().expected(run.setting(), graph.outputs().size() == 1);
    List<String> targets = targets(expected);
    Scored scored = attribute(run, graph, targets);
    List<String> problems = new ArrayList<>();
    for (Expected one : expected) {
      if (DEFECTIVE.contains(
          one.file().getParent().getFileName() + "/" + one.file().getFileName())) {
        continue;
      }
      float[] wanted = Npy.read(one.file()).floats();
      float[][] found = scored.array(one);
      double worst = largestDifference(found[targets.indexOf(one.targetText())], wanted);
      if (!(worst <= one.tolerance())) {
        problems.add(
            one.rule() + " of " + one.target() + ": " + worst + ", allowed " + one.tolerance());
      }
    }
    assertThat(problems).as("largest differences of %s", run).isEmpty();
    if (mustSumToDelta(run)) {
      assertThat(scored.incompleteness()).as("completeness of %s", run).isLessThan(COMPLETENESS);
    }
  }

  private static boolean mustSumToDelta(Run run) {
    boolean exactPools = run.setting().profile().equals("default") || !run.golden().hasMaxPool();
    return run.setting().sumsToDelta() && exactPools;
  }

  private static List<String> targets(List<Expected> expected) {
    Set<String> texts = new LinkedHashSet<>();
    expected.forEach(one -> texts.add(one.targetText()));
    return List.copyOf(texts);
  }

  private static double largestDifference(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      worst = Math.max(worst, Math.abs((double) found[i] - wanted[i]));
    }
    return worst;
  }

  /**
   * Scores of all rows, target by target.
   *
   * @param incompleteness the largest convergence delta, relative to the numbers it is made of
   */
  private record Scored(
      float[][] contributions,
      float[][] multipliers,
      float[][] hypothetical,
      double incompleteness) {
    float[][] array(Expected expected) {
      if (expected.isHypothetical()) {
        return hypothetical;
      }
      return expected.isOfMultipliers() ? multipliers : contributions;
    }
  }

  private static Scored attribute(Run run, Graph graph, List<String> targets) {
    NpyArray inputs = run.golden().inputs();
    NpyArray references = run.golden().references();
    boolean shared = references.shape()[0] == 1;
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(run.setting().method())
            .profile(RuleProfile.of(run.setting().profile()))
            .targets(targets)
            .references(List.of(mode(references, shared)))
            .multipliers(true)
            .hypothetical(true)
            .backend(run.backend())
            .build();
    Collector collector = new Collector(inputs, shared ? null : references, targets.size());
    if (run.backend().equals(ORACLE)) {
      Program program = DeepLift.compile(graph, options);
      OracleInterpreter oracle = new OracleInterpreter(program);
      AttributionAssembler assembler = new AttributionAssembler(program, graph.inputs());
      collector.collect(1, batch -> assembler.assemble(batch.rows(), oracle.run(batch)));
    } else {
      try (DeepLift engine = DeepLift.open(graph, options);
          DeepLift.Session session = engine.newSession()) {
        collector.collect(session.preferredRows(), session::attribute);
      }
    }
    return collector.scored();
  }

  private static ReferenceMode mode(NpyArray references, boolean shared) {
    int[] shape = references.shape();
    return shared
        ? ReferenceMode.shared(
            Tensor.of(references.floats(), Arrays.copyOfRange(shape, 1, shape.length)))
        : ReferenceMode.given(shape[1]);
  }

  /** Attributes all rows in batches and puts their scores together. */
  private static final class Collector {
    private final int rows;
    private final int size;
    private final float[] inputs;
    private final float[] references;
    private final float[][] contributions;
    private final float[][] multipliers;
    private final float[][] hypothetical;
    private double incompleteness;

    Collector(NpyArray inputs, NpyArray references, int targets) {
      this.rows = inputs.shape()[0];
      this.size = inputs.floats().length / rows;
      this.inputs = inputs.floats();
      this.references = references == null ? null : references.floats();
      this.contributions = new float[targets][rows * size];
      this.multipliers = new float[targets][rows * size];
      this.hypothetical = new float[targets][rows * size];
    }

    void collect(int rowsPerBatch, Function<Batch, Attribution> attribute) {
      for (int row = 0; row < rows; row += rowsPerBatch) {
        int count = Math.min(rowsPerBatch, rows - row);
        float[] ofRows = references == null ? null : slice(references, row, count);
        Batch batch =
            new Batch(count, List.of(slice(inputs, row, count)), Collections.singletonList(ofRows));
        Attribution found = attribute.apply(batch);
        scatter(found.contributions(0), contributions, count, row);
        scatter(found.multipliers(0), multipliers, count, row);
        scatter(found.hypothetical(0), hypothetical, count, row);
        incompleteness = Math.max(incompleteness, incompletenessOf(found, size));
      }
    }

    Scored scored() {
      return new Scored(contributions, multipliers, hypothetical, incompleteness);
    }

    private float[] slice(float[] numbers, int row, int count) {
      int length = numbers.length / rows;
      return Arrays.copyOfRange(numbers, row * length, (row + count) * length);
    }

    /** From [rows, targets, size] to [targets][rows of all batches, size]. */
    private void scatter(Numbers from, float[][] to, int count, int row) {
      for (int i = 0; i < count * to.length; i++) {
        int at = (row + i / to.length) * size;
        System.arraycopy(from.floats(), i * size, to[i % to.length], at, size);
      }
    }
  }

  private static double incompletenessOf(Attribution found, int size) {
    double worst = 0;
    int references = found.references();
    for (int i = 0; i < found.convergenceDelta().length(); i++) {
      double scale = Math.abs(found.predictions().get(i / references));
      scale = Math.max(scale, Math.abs(found.referencePredictions().get(i)));
      double sum = 0;
      for (int k = 0; k < size; k++) {
        sum += Math.abs(found.contributions(0).get(i / references * size + k));
      }
      worst = Math.max(worst, Math.abs(found.convergenceDelta().get(i)) / Math.max(scale, sum));
    }
    return worst;
  }
}
