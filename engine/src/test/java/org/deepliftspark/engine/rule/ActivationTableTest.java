package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.deepliftspark.engine.graph.Formula.Comparison;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.FormulaBuilder;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Value, derivative and secant slope of every activation, against plain formulas in double. */
class ActivationTableTest {
  private static final double[] POINTS = {
    -30, -7.25, -3.1, -2.2, -1.3, -0.7, -0.21, -0.013, 0.007, 0.04, 0.31, 0.9, 1.7, 2.6, 4.5, 25
  };
  private static final double[] DISTANCES = {0, 1e-6, 1e-4, 1e-3, 0.1, 0.21, 0.35, 1.3, 9, 60};

  /** Quotients of activations with a jump or with no more accurate value are right to this. */
  private static final double TOLERANCE = 4e-6;

  static Stream<ActivationFunction> functions() {
    List<ActivationFunction> functions = new ArrayList<>();
    Set<Kind> plain = EnumSet.complementOf(EnumSet.of(Kind.PRELU, Kind.COMPOSITE));
    plain.forEach(kind -> functions.add(ActivationFunction.of(kind)));
    functions.add(ActivationFunction.of(Kind.LEAKY_RELU, 0.2f));
    functions.add(ActivationFunction.prelu(Tensor.scalar(-0.3f)));
    functions.add(ActivationFunction.of(Kind.ELU, 1.7f));
    functions.add(ActivationFunction.of(Kind.CELU, 0.6f));
    functions.add(ActivationFunction.of(Kind.HARD_SIGMOID, 0.2f, 0.5f));
    functions.add(ActivationFunction.clip(-1, 1));
    functions.add(ActivationFunction.clip(Float.NEGATIVE_INFINITY, 0.5f));
    functions.add(ActivationFunction.of(Kind.THRESHOLDED_RELU, 0.5f, -2f));
    functions.add(swish());
    functions.add(guarded());
    return functions.stream();
  }

  /** x sigmoid(1.7 x) / (1 + 0.5 sigmoid(x)). */
  private static ActivationFunction swish() {
    FormulaBuilder f = new FormulaBuilder();
    int x = f.argument();
    int scaled = f.combine(Op.Arithmetic.MULTIPLY, x, f.constant(1.7));
    int gated =
        f.combine(Op.Arithmetic.MULTIPLY, x, f.apply(ActivationFunction.of(Kind.SIGMOID), scaled));
    int half =
        f.combine(
            Op.Arithmetic.MULTIPLY,
            f.constant(0.5),
            f.apply(ActivationFunction.of(Kind.SIGMOID), x));
    f.combine(Op.Arithmetic.DIVIDE, gated, f.combine(Op.Arithmetic.ADD, f.constant(1), half));
    return f.build();
  }

  /** log(1 + exp(x)) up to 20, then x: the branch that is not taken overflows. */
  private static ActivationFunction guarded() {
    FormulaBuilder f = new FormulaBuilder();
    int x = f.argument();
    int exp = f.apply(ActivationFunction.of(Kind.EXPONENTIAL), x);
    int log =
        f.apply(ActivationFunction.of(Kind.LOG), f.combine(Op.Arithmetic.ADD, f.constant(1), exp));
    f.choose(f.compare(Comparison.LESS, f.constant(20), x), x, log);
    return f.build();
  }

  @Test
  void everyKindHasARowAndASource() {
    for (Kind kind : Kind.values()) {
      assertThat(ActivationTable.of(kind)).as(kind.name()).isNotNull();
      assertThat(ActivationTable.of(kind).source()).as(kind.name()).isNotBlank();
    }
    Set<Kind> tested = functions().map(ActivationFunction::kind).collect(Collectors.toSet());
    assertThat(tested).containsExactlyInAnyOrder(Kind.values());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theValueIsThatOfThePlainFormula(ActivationFunction function) {
    double[] found = run(new OracleBackend(), Precision.F64, Asked.VALUE, function, 0);
    double[] points = points(function);
    for (int i = 0; i < points.length; i++) {
      double expected = plain(function, (float) points[i]);
      assertThat(found[i])
          .as("%s at %s", function, points[i])
          .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theDerivativeIsTheCentralDifference(ActivationFunction function) {
    double[] found = run(new OracleBackend(), Precision.F64, Asked.DERIVATIVE, function, 0);
    double[] points = points(function);
    for (int i = 0; i < points.length; i++) {
      double expected = difference(function, (float) points[i]);
      assertThat(found[i])
          .as("%s at %s", function, points[i])
          .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
    }
  }

  /** At a distance of 1e-6 the quotient of floats would be wrong in its first digit. */
  @ParameterizedTest
  @MethodSource("functions")
  void theSlopeIsRightInFloatAtAnyDistance(ActivationFunction function) {
    double[] points = points(function);
    for (String name : Backends.names()) {
      Backend backend = Backends.get(name);
      for (double distance : DISTANCES) {
        double[] found = run(backend, Precision.F32, Asked.SLOPE, function, distance);
        for (int i = 0; i < points.length; i++) {
          float u = (float) points[i];
          float v = (float) (points[i] + distance);
          double expected = slope(function, u, v);
          assertThat(found[i])
              .as("%s of %s between %s and %s", name, function, u, v)
              .isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theSlopeBetweenEqualPointsIsTheDerivative(ActivationFunction function) {
    double[] slopes = run(new OracleBackend(), Precision.F64, Asked.SLOPE, function, 0);
    double[] derivatives = run(new OracleBackend(), Precision.F64, Asked.DERIVATIVE, function, 0);
    for (int i = 0; i < slopes.length; i++) {
      assertThat(slopes[i])
          .as("%s at %s", function, points(function)[i])
          .isCloseTo(derivatives[i], within(1e-9 * Math.max(1, Math.abs(derivatives[i]))));
    }
  }

  /** The quotient in double, or where that cancels the derivative in the middle. */
  private static double slope(ActivationFunction function, double u, double v) {
    boolean crosses = Math.abs(plain(function, u) - plain(function, v)) > 100 * Math.abs(u - v);
    return Math.abs(u - v) > 1e-2 || crosses
        ? (plain(function, u) - plain(function, v)) / (u - v)
        : difference(function, (u + v) / 2);
  }

  private static double difference(ActivationFunction function, double x) {
    double near = 1e-3;
    double first = (plain(function, x + near) - plain(function, x - near)) / (2 * near);
    double second = (plain(function, x + 2 * near) - plain(function, x - 2 * near)) / (4 * near);
    return (4 * first - second) / 3;
  }

  private static double plain(ActivationFunction function, double x) {
    GraphBuilder builder = new GraphBuilder("one");
    builder.output(
        "y", builder.add("y", new Op.Activation(function), builder.input("x", Shape.of(1))));
    List<double[]> values = GraphEvaluator.values(builder.build(), List.of(new double[] {x}));
    return values.get(1)[0];
  }

  /** Where the function has a value, and does not leave the range of float. */
  private static double[] points(ActivationFunction function) {
    return switch (function.kind()) {
      case SQRT, LOG, RECIPROCAL -> new double[] {0.31, 0.9, 1.7, 2.6, 4.5, 25};
      case EXPONENTIAL -> new double[] {-30, -7.25, -1.3, -0.013, 0.007, 0.9, 2.6};
      default -> POINTS;
    };
  }

  private enum Asked {
    VALUE,
    DERIVATIVE,
    SLOPE
  }

  private static double[] run(
      Backend backend,
      Precision precision,
      Asked asked,
      ActivationFunction function,
      double distance) {
    double[] points = points(function);
    ProgramBuilder code = new ProgramBuilder();
    Shape shape = Shape.of(points.length);
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), shape);
    Value r = code.feed(Role.REFERENCE, 0, Extent.of(Axis.ROW, Axis.REFERENCE), shape);
    Point u = new Point(x, ActivationTable.value(function, x, code));
    Point v = new Point(r, ActivationTable.value(function, r, code));
    SecantSlopes secants = new SecantSlopes(precision);
    code.output(
        "asked",
        switch (asked) {
          case VALUE -> u.y();
          case DERIVATIVE -> secants.slope(function, u, u, code);
          case SLOPE -> secants.slope(function, u, v, code);
        });
    code.output("reference", r);
    Program program = code.build(new Program.Sizes(1, 1, 1));
    float[] inputs = new float[points.length];
    float[] references = new float[points.length];
    for (int i = 0; i < points.length; i++) {
      inputs[i] = (float) points[i];
      references[i] = (float) (points[i] + distance);
    }
    Batch batch = new Batch(1, List.of(inputs), List.of(references));
    try (Executable executable = backend.compile(program, new BackendOptions(precision, 0));
        Workspace workspace = executable.newWorkspace()) {
      return workspace.run(batch).get("asked").doubles();
    }
  }
}
