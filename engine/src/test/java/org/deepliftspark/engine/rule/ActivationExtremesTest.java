package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleBackend;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values, derivatives and secant slopes of activations far out, next to zero and at both zeros, in
 * float on every backend: up to {@value #SQUARED} whatever can be stored is there and right;
 * beyond, where squares leave the range of float, a number is right or not finite, never wrong.
 */
class ActivationExtremesTest {
  private static final float[] POINTS = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -1e-40f,
    1e-30f,
    -1e-30f,
    1e-7f,
    1f,
    -1f,
    88f,
    -88f,
    1e3f,
    -1e3f,
    1e10f,
    -1e10f,
    1e15f,
    -1e15f,
    1e20f,
    -1e20f,
    1e30f,
    -1e30f
  };

  private static final float SQUARED = 1e10f;

  /** Relative to the larger of 1 and the number; the oracle computes it in double. */
  private static final double TOLERANCE = 2e-5;

  static Stream<ActivationFunction> functions() {
    return ActivationTableTest.functions()
        // below 0 they are not defined, at 0 they have no slope; they are tested in their domain
        .filter(f -> f.kind() != Kind.SQRT && f.kind() != Kind.LOG && f.kind() != Kind.RECIPROCAL);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void numbersAreRightOrNotFinite(ActivationFunction function) {
    Program program = program(function, Precision.F32);
    Map<String, Numbers> expected =
        run(new OracleBackend(), program(function, Precision.F64), Precision.F64);
    for (String backend : Backends.names()) {
      Map<String, Numbers> found = run(Backends.get(backend), program, Precision.F32);
      for (String asked : found.keySet()) {
        for (int i = 0; i < expected.get(asked).length(); i++) {
          double right = expected.get(asked).get(i);
          double number = found.get(asked).get(i);
          if (Math.abs(right) < Float.MAX_VALUE && (Double.isFinite(number) || isNear(i))) {
            assertThat(number)
                .as(
                    "%s of %s at %s and %s on %s",
                    asked, function, POINTS[i / POINTS.length], POINTS[i % POINTS.length], backend)
                .isBetween(
                    right - TOLERANCE * Math.max(1, Math.abs(right)),
                    right + TOLERANCE * Math.max(1, Math.abs(right)));
          }
        }
      }
    }
  }

  private static boolean isNear(int i) {
    return Math.abs(POINTS[i / POINTS.length]) <= SQUARED
        && Math.abs(POINTS[i % POINTS.length]) <= SQUARED;
  }

  private static Program program(ActivationFunction function, Precision precision) {
    ProgramBuilder code = new ProgramBuilder();
    Shape shape = Shape.of(POINTS.length * POINTS.length);
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), shape);
    Value r = code.feed(Role.REFERENCE, 0, Extent.of(Axis.ROW, Axis.REFERENCE), shape);
    Point u = new Point(x, ActivationTable.value(function, x, code));
    Point v = new Point(r, ActivationTable.value(function, r, code));
    SecantSlopes secants = new SecantSlopes(precision);
    code.output("value", u.y());
    code.output("derivative", secants.slope(function, u, u, code));
    code.output("slope", secants.slope(function, u, v, code));
    return code.build(new Program.Sizes(1, 1, 1));
  }

  private static Map<String, Numbers> run(Backend backend, Program program, Precision precision) {
    float[] inputs = new float[POINTS.length * POINTS.length];
    float[] references = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = POINTS[i / POINTS.length];
      references[i] = POINTS[i % POINTS.length];
    }
    Batch batch = new Batch(1, List.of(inputs), List.of(references));
    try (Executable executable = backend.compile(program, new BackendOptions(precision, 0));
        Workspace workspace = executable.newWorkspace()) {
      return workspace.run(batch);
    }
  }
}
