package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is not a number inside a network (infinity minus infinity, after an overflow) reaches its
 * prediction on every backend, through every instruction of a forward pass: a ReLU or a maximum
 * that dropped it would make a finite number that means nothing. Backward passes have signs and
 * winners of windows beside these, of values that the forward pass has as well.
 */
class NotANumberTest {
  private static final int CHANNELS = 2;
  private static final int LENGTH = 8;
  private static final int[] ONE = {1};

  private final ProgramBuilder code = new ProgramBuilder();
  private final Map<String, Value> named = new LinkedHashMap<>();

  static Stream<String> backends() {
    return Backends.names().stream();
  }

  /** Every element of {@code [2, 8]} in turn is not a number; all other elements are above 0. */
  @ParameterizedTest
  @MethodSource("backends")
  void whatIsNotANumberReachesEveryResult(String backend) {
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(CHANNELS, LENGTH));
    elementWise(x);
    windows(x);
    sums(x);
    named.forEach(code::output);
    try (Executable executable =
            Backends.get(backend).compile(code.build(new Sizes(1, 1, 1)), BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      for (int at = 0; at < CHANNELS * LENGTH; at++) {
        float[] numbers = new float[CHANNELS * LENGTH];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = 1 + i * 5 % 7;
        }
        numbers[at] = Float.NaN;
        Map<String, Numbers> found = workspace.run(new Batch(1, List.of(numbers), List.of()));
        for (Map.Entry<String, Numbers> entry : found.entrySet()) {
          assertThat(entry.getValue().doubles())
              .as("%s of %s, element %d", entry.getKey(), backend, at)
              .contains(Double.NaN);
        }
      }
    }
  }

  /** Models pad so in front of max-pools; a sum with minus infinity in it is none. */
  @ParameterizedTest
  @MethodSource("backends")
  void aPadByMinusInfinityIsNoOverflow(String backend) {
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(CHANNELS, LENGTH));
    int[] ends = {0, 1};
    Value padded = code.pad(x, ends, ends, Float.NEGATIVE_INFINITY);
    PoolGeometry pairs =
        new PoolGeometry(new int[] {2}, new int[] {2}, new int[] {0}, new int[] {0});
    code.output("pool", code.maxPool(padded, pairs));
    code.output("reduce", code.reduce(Reduction.MAX, code.transpose(padded, 1, 0), 0));
    float[] numbers = {1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, -8};
    try (Executable executable =
            Backends.get(backend).compile(code.build(new Sizes(1, 1, 1)), BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      Map<String, Numbers> found = workspace.run(new Batch(1, List.of(numbers), List.of()));
      assertThat(found.get("pool").floats()).containsExactly(1, 3, 5, 7, 8, -1, -2, -4, -6, -8);
      assertThat(found.get("reduce").floats()).containsExactly(8, -1);
    }
  }

  private void elementWise(Value x) {
    for (UnaryOp op : EnumSet.complementOf(EnumSet.of(UnaryOp.SIGN))) {
      named.put(op.name(), code.unary(op, x));
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (op != BinaryOp.EQUAL && op != BinaryOp.LESS) {
        named.put(op + " on the left", code.binary(op, x, code.scalar(2)));
        named.put(op + " on the right", code.binary(op, code.scalar(2), x));
      }
    }
    named.put("select", code.select(code.scalar(1), x, code.scalar(2)));
    named.put("softmax", code.softmax(x, 1));
  }

  private void windows(Value x) {
    PoolGeometry pool =
        new PoolGeometry(new int[] {2}, new int[] {2}, new int[] {0}, new int[] {0});
    PoolGeometry overlapping =
        new PoolGeometry(new int[] {3}, new int[] {1}, new int[] {1}, new int[] {1});
    for (PoolGeometry geometry : List.of(pool, overlapping)) {
      String how = geometry == pool ? "" : ", overlapping";
      named.put("max pool" + how, code.maxPool(x, geometry));
      named.put("average pool" + how, code.averagePool(x, geometry, true));
    }
  }

  private void sums(Value x) {
    for (Reduction reduction : Reduction.values()) {
      named.put("reduce " + reduction, code.reduce(reduction, x, 1));
    }
    Value flat = code.reshape(x, Shape.of(CHANNELS * LENGTH));
    named.put("dense", code.dense(flat, Tensor.filled(1f, Shape.of(16, 3)), false, null));
    Tensor kernel = Tensor.filled(0.5f, Shape.of(3, CHANNELS, 3));
    ConvGeometry same = new ConvGeometry(ONE, ONE, ONE, ONE, 1);
    named.put("convolution", code.conv(x, kernel, null, same));
    named.put(
        "its adjoint",
        code.convTranspose(
            code.conv(x, kernel, null, same), kernel, same, Shape.of(CHANNELS, LENGTH)));
    named.put("product", code.matMul(x, code.transpose(x, 1, 0)));
  }
}
