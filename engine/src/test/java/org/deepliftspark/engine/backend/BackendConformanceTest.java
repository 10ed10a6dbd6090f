package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Output;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backend on the class path computes every instruction as the oracle does. Set {@code
 * -Dconformance.seed=N} to repeat a failure; the message of a failure says which seed it had.
 */
class BackendConformanceTest {
  private static final long SEED = Long.getLong("conformance.seed", System.nanoTime());
  private static final List<ConformanceCase> CASES = ConformanceCases.all();

  /**
   * Their vectorised and scalar loops differ in the last bit in ONNX Runtime, and which one an
   * element meets depends on its place.
   */
  private static final Set<UnaryOp> LAST_BIT_BY_POSITION =
      EnumSet.of(UnaryOp.LOG, UnaryOp.SOFTPLUS);

  /** A backend at a precision. */
  record Configuration(Backend backend, Precision precision) {
    double tolerance() {
      return precision == Precision.F64 ? 1e-12 : 1e-5;
    }

    Executable compile(Program program) {
      return backend.compile(program, new BackendOptions(precision, 0));
    }

    @Override
    public String toString() {
      return backend.name() + " " + precision;
    }
  }

  /** Those for GPUs too, where this build has them and there is one. */
  private static List<Backend> usable() {
    return Backends.names().stream().map(Backends::named).toList();
  }

  private static List<Configuration> configurations() {
    List<Configuration> configurations = new ArrayList<>();
    for (Backend backend : usable()) {
      for (Precision precision : Precision.values()) {
        Configuration configuration = new Configuration(backend, precision);
        if (offered(configuration)) {
          configurations.add(configuration);
        }
      }
    }
    return configurations;
  }

  private static boolean offered(Configuration configuration) {
    ProgramBuilder builder = new ProgramBuilder();
    builder.output("y", builder.feed(Instruction.Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(1)));
    try {
      configuration.compile(builder.build(new Sizes(1, 1, 1))).close();
      return true;
    } catch (InvalidInputException refused) {
      return false;
    }
  }

  static Stream<Arguments> cases() {
    return configurations().stream()
        .flatMap(backend -> CASES.stream().map(example -> Arguments.of(backend, example)));
  }

  @Test
  void everyBackendRunsHere() {
    assertThat(configurations())
        .extracting(Configuration::toString)
        .contains("nd4j F32", "nd4j F64");
    for (Backend backend : usable()) {
      assertThat(backend.unavailable()).as(backend.name()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void givesOneValueAsSeveralOutputs(Configuration configuration) {
    ProgramBuilder builder = new ProgramBuilder();
    Value x = builder.feed(Instruction.Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(2));
    Value sum = builder.add(x, builder.scalar(1));
    builder.output("first", sum);
    builder.output("second", sum);
    try (Executable executable = configuration.compile(builder.build(new Sizes(1, 1, 1)));
        Workspace workspace = executable.newWorkspace()) {
      Batch batch = new Batch(2, List.of(new float[] {1, 2, 3, 4}), List.of());
      Map<String, Numbers> found = workspace.run(batch);
      assertThat(found).containsOnlyKeys("first", "second");
      assertThat(found.get("first").floats()).containsExactly(2, 3, 4, 5);
      assertThat(found.get("second").floats()).containsExactly(2, 3, 4, 5);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void agreesWithTheOracle(Configuration configuration, ConformanceCase example) {
    for (int references : new int[] {1, 4}) {
      ConformanceOperands operands = example.operands(references, SEED);
      OracleInterpreter oracle = new OracleInterpreter(operands.program());
      try (Executable executable = configuration.compile(operands.program());
          Workspace workspace = executable.newWorkspace()) {
        for (int rows : new int[] {1, 3, 7}) {
          Batch batch = operands.batch(rows, SEED);
          Map<String, Numbers> expected = oracle.run(batch);
          Map<String, Numbers> found = workspace.run(batch);
          assertThat(found).containsOnlyKeys(expected.keySet());
          for (String name : expected.keySet()) {
            String where =
                "%s, %s: output %s of %d rows with %d references, seed %d"
                    .formatted(configuration, example, name, rows, references, SEED);
            NumbersCheck.agree(
                where, found.get(name), expected.get(name), configuration.tolerance());
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void rowsDoNotDependOnTheirBatch(Configuration configuration, ConformanceCase example) {
    ConformanceOperands operands = example.operands(4, SEED);
    Program program = operands.program();
    double tolerance = rowTolerance(configuration, example);
    Batch batch = operands.batch(7, SEED);
    try (Executable executable = configuration.compile(program);
        Workspace workspace = executable.newWorkspace()) {
      Map<String, Numbers> together = workspace.run(batch);
      for (int[] chosen : new int[][] {{0}, {5}, {6, 2, 4}}) {
        Map<String, Numbers> apart = workspace.run(RowPicker.batch(batch, chosen));
        for (Output output : program.outputs()) {
          Numbers expected =
              RowPicker.rows(
                  together.get(output.name()), output.value(), program.sizes(), 7, chosen);
          String where =
              "%s, %s: rows %s alone against among 7, seed %d"
                  .formatted(configuration, example, Arrays.toString(chosen), SEED);
          NumbersCheck.agree(where, apart.get(output.name()), expected, tolerance);
        }
      }
    }
  }

  /** Bit for bit where a backend promises that, to rounding elsewhere. */
  private static double rowTolerance(Configuration configuration, ConformanceCase example) {
    boolean byPosition =
        example.subject() instanceof Instruction.Unary unary
            && LAST_BIT_BY_POSITION.contains(unary.op());
    return switch (configuration.backend().name()) {
      case "cpu" -> 0;
      case "onnx" -> byPosition ? 2e-6 : 0;
      default -> 2e-6;
    };
  }

  @Test
  void everyInstructionHasACase() {
    Set<Class<?>> covered =
        CASES.stream().map(example -> example.subject().getClass()).collect(Collectors.toSet());
    assertThat(covered).containsExactlyInAnyOrder(Instruction.class.getPermittedSubclasses());
  }

  @Test
  void everyOperatorHasACase() {
    Set<Object> covered =
        CASES.stream().map(example -> operator(example.subject())).collect(Collectors.toSet());
    assertThat(covered).contains((Object[]) UnaryOp.values());
    assertThat(covered).contains((Object[]) BinaryOp.values());
    assertThat(covered).contains((Object[]) Reduction.values());
  }

  private static Object operator(Instruction instruction) {
    if (instruction instanceof Instruction.Unary unary) {
      return unary.op();
    } else if (instruction instanceof Instruction.Binary binary) {
      return binary.op();
    } else if (instruction instanceof Instruction.Reduce reduce) {
      return reduce.reduction();
    }
    return instruction.getClass();
  }

  @Test
  void namesOfCasesAreUnique() {
    assertThat(CASES).extracting(ConformanceCase::name).doesNotHaveDuplicates();
  }

  /**
   * {@code <conv(x), m> = <x, convTranspose(m)>}, in the oracle: what it says of adjoints is not
   * just what backends do.
   */
  @ParameterizedTest
  @MethodSource("convolutions")
  void oracleConvTransposeIsTheAdjointOfConv(ConformanceWindowCases.Convolution shape) {
    ConformanceOperands operands = new ConformanceOperands(new Sizes(1, 1, 1), Draw.UNIFORM, SEED);
    ProgramBuilder builder = operands.builder();
    Tensor weight = operands.weights(shape.weight());
    Value x = operands.row(shape.in());
    Value m = operands.row(shape.output().dims());
    Value forward = builder.multiply(builder.conv(x, weight, null, shape.geometry()), m);
    Value backward =
        builder.multiply(builder.convTranspose(m, weight, shape.geometry(), x.shape()), x);
    builder.output("forward", forward);
    builder.output("backward", backward);
    Map<String, Numbers> outputs =
        new OracleInterpreter(operands.program()).run(operands.batch(1, SEED));
    double left = Arrays.stream(outputs.get("forward").doubles()).sum();
    double right = Arrays.stream(outputs.get("backward").doubles()).sum();
    assertThat(left)
        .as("seed %d", SEED)
        .isCloseTo(right, org.assertj.core.data.Offset.offset(1e-12));
  }

  static List<ConformanceWindowCases.Convolution> convolutions() {
    return ConformanceWindowCases.convolutions();
  }
}
