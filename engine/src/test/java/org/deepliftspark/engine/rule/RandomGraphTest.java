package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleBackend;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.DeadValues;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.junit.jupiter.api.Test;

/**
 * Laws that hold for every network: contributions sum to delta; where the reference equals the
 * input, multipliers are the gradient; and backends agree with the oracle. Replay one network with
 * {@code -Ddeeplift.seed=N -Ddeeplift.graphs=1}.
 */
class RandomGraphTest {
  private static final int GRAPHS = Integer.getInteger("deeplift.graphs", 600);
  private static final long FIRST_SEED = Long.getLong("deeplift.seed", 1);
  private static final List<String> METHODS =
      List.of("rescale", "reveal-cancel", "genomics-default");
  private static final List<String> BACKEND_METHODS =
      List.of(
          "rescale",
          "reveal-cancel",
          "genomics-default",
          "guided-backprop",
          "deconvnet",
          "guided-backprop-rescale",
          "pass-through",
          "gradient-x-input",
          "integrated-gradients:3",
          "integrated-gradients:3:gauss-legendre",
          "guided-backprop-x-input",
          "epsilon-lrp:0.1",
          "gamma-lrp:0.25",
          "alpha-beta-lrp:2");
  private static final float STEP = 1f / 1024;
  private static final int ROWS = 2;
  private static final int REFERENCES = 2;

  /** More than backends take in one call. */
  private static final int MANY_REFERENCES = 11;

  @Test
  void contributionsSumToDelta() {
    System.out.println("random graphs: seeds " + FIRST_SEED + " to " + (FIRST_SEED + GRAPHS - 1));
    for (long seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed++) {
      Graph graph = RandomGraph.draw(seed);
      Batch batch = batch(graph, seed, REFERENCES);
      for (String method : METHODS) {
        Program program = program(graph, method, REFERENCES, Precision.F64);
        if (program == null) {
          continue;
        }
        RandomGraph.DRAWN.merge(method, 1, Integer::sum);
        countRules(graph, method);
        Map<String, Numbers> outputs = run(new OracleBackend(), program, batch, Precision.F64);
        assertSums(method + " " + graph.name(), outputs, program, 1e-11);
      }
    }
    System.out.println("drawn: " + RandomGraph.DRAWN);
    if (GRAPHS >= 600) {
      everyOpWasDrawn();
    }
  }

  private static void countRules(Graph graph, String method) {
    RuleBook rules = new RuleBook(Method.of(method), RuleProfile.DEFAULT, Precision.F64);
    boolean[] active = ProgramCompiler.active(graph, List.of(ReferenceMode.given(REFERENCES)));
    for (Node node : graph.nodes()) {
      if (active[node.id()] && !(node.op() instanceof Op.Input)) {
        String rule = rules.ruleFor(node, graph, active).orElseThrow().name();
        RandomGraph.DRAWN.merge("rule " + rule, 1, Integer::sum);
      }
    }
  }

  private static void everyOpWasDrawn() {
    assertThat(RandomGraph.DRAWN)
        .containsKeys(
            "rule rescale",
            "rule reveal-cancel",
            "rule linear",
            "rule two-player",
            "rule softmax",
            "rule cross-max");
    assertThat(RandomGraph.DRAWN).containsKeys(METHODS.toArray(String[]::new));
    assertThat(RandomGraph.DRAWN).containsKeys("composites");
    assertThat(RandomGraph.DRAWN)
        .containsKeys(Arrays.stream(Kind.values()).map(Enum::name).toArray(String[]::new));
    assertThat(RandomGraph.DRAWN)
        .containsKeys(Arrays.stream(Op.Arithmetic.values()).map(Enum::name).toArray(String[]::new));
    assertThat(RandomGraph.DRAWN)
        .containsKeys(
            Arrays.stream(Op.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .filter(name -> !name.equals("Input"))
                .toArray(String[]::new));
  }

  private static void assertSums(
      String what, Map<String, Numbers> outputs, Program program, double tolerance) {
    double[] contributions = outputs.get("contributions:0").doubles();
    int targets = program.sizes().targets();
    int size = contributions.length / (targets * ROWS * REFERENCES);
    for (int target = 0; target < targets; target++) {
      for (int row = 0; row < ROWS; row++) {
        for (int reference = 0; reference < REFERENCES; reference++) {
          int from = ((target * ROWS + row) * REFERENCES + reference) * size;
          double sum = 0;
          double mass = 0;
          for (int i = from; i < from + size; i++) {
            sum += contributions[i];
            mass += Math.abs(contributions[i]);
          }
          double x = outputs.get("prediction").get(row * targets + target);
          double r =
              outputs
                  .get("reference_prediction")
                  .get((row * REFERENCES + reference) * targets + target);
          // what cancels to nothing, such as the sum of a normalized vector, leaves its rounding
          double scale = Math.max(1e-2, Math.max(Math.max(Math.abs(x), Math.abs(r)), mass));
          assertThat(sum - (x - r))
              .as("delta of %s, target %d, row %d", what, target, row)
              .isBetween(-tolerance * scale, tolerance * scale);
        }
      }
    }
  }

  @Test
  void multipliersAreTheGradientWhereReferenceEqualsInput() {
    int compared = 0;
    int all = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed++) {
      Graph graph = RandomGraph.draw(seed);
      Program program = program(graph, "rescale", 1, Precision.F64);
      float[] x = batch(graph, seed, REFERENCES).inputs().get(0);
      int size = x.length / ROWS;
      float[] row = Arrays.copyOf(x, size);
      for (int i = 0; i < size; i++) {
        row[i] = Math.round(row[i] / STEP) * STEP; // steps from here are exact in float
      }
      double[] multipliers = multipliers(program, row);
      compared += assertGradient(seed, program, row, multipliers);
      for (String method :
          List.of(
              "reveal-cancel",
              "genomics-default",
              "gradient",
              "integrated-gradients:3",
              "integrated-gradients:4:gauss-legendre")) {
        Program other = program(graph, method, 1, Precision.F64);
        if (other != null) {
          assertSame(method + " " + graph.name(), multipliers(other, row), multipliers);
        }
      }
      all += multipliers.length;
    }
    System.out.printf("gradients compared where the network is smooth: %d of %d%n", compared, all);
    assertThat(compared).isGreaterThan(all / 10 * 9);
  }

  /**
   * Central differences, where the function is smooth: estimates from smaller and larger steps that
   * differ mean a kink or a jump within the steps, a second difference that does not shrink with
   * the step one at the point itself.
   */
  private static int assertGradient(long seed, Program program, float[] row, double[] multipliers) {
    int compared = 0;
    int size = row.length;
    int targets = program.sizes().targets();
    double[][] around = new double[3][];
    for (int k = 0; k < around.length; k++) {
      around[k] = predictions(program, shifted(row, STEP * (1 << k)), 2 * size);
    }
    double[] centre = predictions(program, row, 1);
    double largest = Math.max(1e-3, Arrays.stream(multipliers).map(Math::abs).max().orElse(0));
    for (int target = 0; target < targets; target++) {
      for (int i = 0; i < size; i++) {
        double[] slopes = new double[around.length];
        double[] bends = new double[around.length];
        for (int k = 0; k < around.length; k++) {
          double up = around[k][2 * i * targets + target];
          double down = around[k][(2 * i + 1) * targets + target];
          slopes[k] = (up - down) / (2.0 * STEP * (1 << k));
          bends[k] = Math.abs(up + down - 2 * centre[target]) / (STEP * (1 << k));
        }
        double near = (4 * slopes[0] - slopes[1]) / 3;
        double far = (4 * slopes[1] - slopes[2]) / 3;
        boolean kinkAtPoint = bends[0] > 1e-7 * largest && bends[0] > 0.5 * bends[2];
        if (kinkAtPoint || !(Math.abs(near - far) < 1e-6 * largest)) {
          continue;
        }
        compared++;
        assertThat(multipliers[target * size + i])
            .as("gradient of graph %d, target %d, element %d", seed, target, i)
            .isCloseTo(near, offset(1e-6 * largest));
      }
    }
    return compared;
  }

  /** Two rows per element: the element larger, and smaller. */
  private static float[] shifted(float[] row, float step) {
    float[] rows = new float[2 * row.length * row.length];
    for (int i = 0; i < 2 * row.length; i++) {
      System.arraycopy(row, 0, rows, i * row.length, row.length);
      rows[i * row.length + i / 2] += i % 2 == 0 ? step : -step;
    }
    return rows;
  }

  /** Multipliers where the reference is the input; the mean over samples. */
  private static double[] multipliers(Program program, float[] row) {
    Batch batch = new Batch(1, List.of(row), List.of(row));
    double[] found =
        run(new OracleBackend(), program, batch, Precision.F64).get("multipliers:0").doubles();
    int samples = found.length / (program.sizes().targets() * row.length);
    double[] mean = new double[found.length / samples];
    int size = row.length;
    for (int i = 0; i < found.length; i++) {
      mean[i / (samples * size) * size + i % size] += found[i] / samples;
    }
    return mean;
  }

  private static void assertSame(String what, double[] found, double[] expected) {
    assertThat(distance(Numbers.of(found), Numbers.of(expected))).as(what).isLessThan(1e-9);
  }

  private static double[] predictions(Program program, float[] x, int rows) {
    List<Program.Output> only =
        program.outputs().stream().filter(output -> output.name().equals("prediction")).toList();
    Program forward = DeadValues.drop(new Program(program.instructions(), only, program.sizes()));
    Batch batch = new Batch(rows, List.of(x), List.of(x));
    return run(new OracleBackend(), forward, batch, Precision.F64).get("prediction").doubles();
  }

  @Test
  void backendsAgreeWithTheOracle() {
    int sensitive = 0;
    int graphs = GRAPHS / 2;
    List<Backend> backends = Backends.names().stream().map(Backends::get).toList();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + graphs; seed++) {
      Graph graph = RandomGraph.draw(seed);
      int references = seed % 3 == 0 ? 1 : seed % 12 == 1 ? MANY_REFERENCES : 3;
      String method = BACKEND_METHODS.get((int) (seed % BACKEND_METHODS.size()));
      Program program = program(graph, method, references, Precision.F32);
      if (program == null) {
        program = program(graph, "reveal-cancel", references, Precision.F32);
      }
      Batch batch = batch(graph, seed, references);
      Map<String, Numbers> expected = run(new OracleBackend(), program, batch, Precision.F32);
      if (isSensitive(program, batch, expected)) {
        sensitive++;
        continue;
      }
      for (Backend backend : backends) {
        Map<String, Numbers> found = run(backend, program, batch, Precision.F32);
        expected.forEach(
            (output, numbers) ->
                assertClose(
                    backend.name() + " " + method + " " + graph.name() + " " + output,
                    found.get(output),
                    numbers));
      }
    }
    System.out.println(
        "graphs too sensitive to rounding to compare backends on: " + sensitive + " of " + graphs);
    assertThat(sensitive).isLessThan(Math.max(1, graphs / 8));
  }

  /**
   * Whether a change of the inputs in their last bits changes the result visibly: a winner of a
   * window that nearly ties, exp of exp.
   */
  private static boolean isSensitive(Program program, Batch batch, Map<String, Numbers> expected) {
    float[] nudged = batch.inputs().get(0).clone();
    for (int i = 0; i < nudged.length; i++) {
      nudged[i] *= i % 2 == 0 ? 1 + 1e-6f : 1 - 1e-6f;
    }
    Map<String, Numbers> changed =
        run(
            new OracleBackend(),
            program,
            new Batch(ROWS, List.of(nudged), batch.references()),
            Precision.F32);
    return expected.entrySet().stream()
        .anyMatch(entry -> distance(changed.get(entry.getKey()), entry.getValue()) > 2e-5);
  }

  /**
   * Largest difference, relative to the largest number, or to 0.01 where all of them cancel: the
   * sum of a softmax does not depend on its inputs, and all that is left of it is rounding.
   */
  private static double distance(Numbers found, Numbers expected) {
    double largest = 1e-2;
    double distance = 0;
    for (int i = 0; i < expected.length(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
      distance = Math.max(distance, Math.abs(found.get(i) - expected.get(i)));
    }
    return distance / largest;
  }

  private static void assertClose(String what, Numbers found, Numbers expected) {
    assertThat(found.length()).as(what).isEqualTo(expected.length());
    assertThat(distance(found, expected)).as(what).isLessThan(1e-4);
  }

  /** The program of a method, or null if the method cannot settle the rule of a node. */
  static Program program(Graph graph, String method, int references, Precision precision) {
    List<Target> targets = DeepLift.targets(graph, List.of("all"));
    Lowering lowering =
        new Lowering(
            Method.of(method),
            RuleProfile.DEFAULT,
            targets,
            List.of(ReferenceMode.given(references)),
            precision,
            true,
            true);
    try {
      return ProgramCompiler.compile(graph, lowering);
    } catch (UnsupportedModelException e) {
      assertThat(method).isEqualTo("genomics-default");
      return null;
    }
  }

  static Map<String, Numbers> run(
      Backend backend, Program program, Batch batch, Precision precision) {
    try (Executable executable = backend.compile(program, new BackendOptions(precision, 0));
        Workspace workspace = executable.newWorkspace()) {
      return workspace.run(batch);
    }
  }

  static Batch batch(Graph graph, long seed, int references) {
    int size = graph.inputs().get(0).shape().size();
    Random random = new Random(~seed);
    return new Batch(
        ROWS,
        List.of(numbers(random, ROWS * size)),
        List.of(numbers(random, ROWS * references * size)));
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
