package org.deepliftspark.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleBackend;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions along lines in drawn geometries, there and back, added to what there is. */
class WinogradConvTest {
  private static final Extent ROW = Extent.of(Axis.ROW);
  private static final int ROWS = 2;

  static IntStream seeds() {
    return IntStream.range(0, 12);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void computesWhatTheOracleComputes(int seed) {
    Drawn drawn = paying(new Random(seed));
    Program program = drawn.program();
    Batch batch = new Batch(ROWS, List.of(drawn.numbers(ROWS * drawn.in.size())), List.of());
    for (String output : List.of("there", "back")) {
      float[] expected = run(new OracleBackend(), program, batch, output);
      float[] found = run(new CpuBackend(), program, batch, output);
      float largest = 0;
      float difference = 0;
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - found[i]));
      }
      assertThat(found).hasSameSizeAs(expected);
      assertThat(difference).as(output + " " + drawn).isLessThanOrEqualTo(1e-5f * largest);
    }
  }

  /** One that is computed so, there or back. */
  private static Drawn paying(Random random) {
    Drawn drawn = new Drawn(random);
    return drawn.pays(false) || drawn.pays(true) ? drawn : paying(random);
  }

  @Test
  void aRowDoesNotDependOnItsBatch() {
    Drawn drawn = paying(new Random(1));
    Program program = drawn.program();
    float[] numbers = drawn.numbers(ROWS * drawn.in.size());
    float[] both =
        run(new CpuBackend(), program, new Batch(ROWS, List.of(numbers), List.of()), "back");
    float[] second = Arrays.copyOfRange(numbers, drawn.in.size(), numbers.length);
    float[] alone =
        run(new CpuBackend(), program, new Batch(1, List.of(second), List.of()), "back");
    assertThat(alone).containsExactly(Arrays.copyOfRange(both, alone.length, both.length));
  }

  @Test
  void whatIsComparedComesFromElsewhere() {
    Drawn drawn = new Drawn(new Random(2));
    ProgramBuilder code = new ProgramBuilder();
    Value x = code.feed(Role.INPUT, 0, ROW, drawn.in);
    Value pooled = code.conv(x, drawn.weight, null, drawn.geometry);
    Value free = code.conv(x, drawn.weight, drawn.bias, drawn.geometry);
    PoolGeometry pool = new PoolGeometry(new int[] {2}, new int[] {2}, new int[1], new int[1]);
    code.output("pooled", code.maxPool(code.unary(UnaryOp.RELU, pooled), pool));
    code.output("free", code.unary(UnaryOp.RELU, free));
    WinogradRoutes routes = new WinogradRoutes(code.build(new Sizes(1, 1, 1)));
    assertThat(routes.allow(pooled)).isFalse();
    assertThat(routes.allow(free)).isTrue();
  }

  @Test
  void smoothFunctionsAreGivenExactZeros() {
    Drawn drawn = new Drawn(new Random(3));
    ProgramBuilder code = new ProgramBuilder();
    Value x = code.feed(Role.INPUT, 0, ROW, drawn.in);
    Value z = code.conv(x, drawn.weight, drawn.bias, drawn.geometry);
    code.output("y", code.unary(UnaryOp.SIGMOID, z));
    assertThat(new WinogradRoutes(code.build(new Sizes(1, 1, 1))).allow(z)).isFalse();
  }

  @Test
  void fewChannelsAndFewTapsDoNotPay() {
    assertThat(pays(128, 3, 2, 2114)).isTrue();
    assertThat(pays(512, 3, 512, 2114)).isTrue();
    assertThat(pays(200, 11, 1, 200)).isTrue();
    assertThat(pays(64, 3, 2, 2114)).isFalse();
    assertThat(pays(50, 11, 1, 200)).isFalse();
    assertThat(pays(512, 2, 1, 2114)).isFalse();
  }

  private static boolean pays(int channels, int taps, int dilation, int length) {
    int reach = (taps - 1) * dilation;
    ConvGeometry geometry =
        new ConvGeometry(
            new int[] {1},
            new int[] {reach / 2},
            new int[] {reach - reach / 2},
            new int[] {dilation},
            1);
    Shape shape = Shape.of(channels, length);
    Windows windows = Windows.of(shape, shape, Shape.of(channels, channels, taps), geometry);
    return WinogradConv.pays(windows, channels, channels, false);
  }

  private static float[] run(Backend backend, Program program, Batch batch, String output) {
    try (Executable executable = backend.compile(program, BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      return workspace.run(batch).get(output).floats();
    }
  }

  /** A convolution along a line, with weights as large as trained ones. */
  private static final class Drawn {
    final Random random;
    final Shape in;
    final Shape out;
    final Tensor weight;
    final Tensor bias;
    final ConvGeometry geometry;

    Drawn(Random random) {
      this.random = random;
      int channels = pick(96, 100, 130);
      int results = pick(96, 113, 128);
      int taps = pick(3, 3, 5, 6, 7, 11);
      int dilation = pick(1, 1, 2, 3, 8, 40);
      int reach = (taps - 1) * dilation;
      int length = reach + 64 + random.nextInt(150);
      int[] before = {random.nextInt(reach + 3)};
      int[] after = {random.nextInt(reach + 3)};
      this.in = Shape.of(channels, length);
      this.out = Shape.of(results, length + before[0] + after[0] - reach);
      Shape weights = Shape.of(results, channels, taps);
      this.weight = Tensor.of(numbers(weights.size()), weights);
      this.bias = random.nextBoolean() ? Tensor.of(numbers(results), results) : null;
      this.geometry = new ConvGeometry(new int[] {1}, before, after, new int[] {dilation}, 1);
    }

    boolean pays(boolean adjoint) {
      Windows windows = Windows.of(in, out, weight.shape(), geometry);
      return WinogradConv.pays(
          windows,
          weight.shape().dim(adjoint ? 0 : 1),
          weight.shape().dim(adjoint ? 1 : 0),
          adjoint);
    }

    /** There and back again, and that added to where it came from, as residual layers do. */
    Program program() {
      ProgramBuilder code = new ProgramBuilder();
      Value x = code.feed(Role.INPUT, 0, ROW, in);
      Value there = code.conv(x, weight, bias, geometry);
      Value m = code.unary(UnaryOp.RELU, there);
      Value back = code.convTranspose(m, weight, geometry, in);
      code.output("there", there);
      code.output("back", code.add(code.unary(UnaryOp.ABS, x), back));
      return code.build(new Sizes(1, 1, 1));
    }

    int pick(int... numbers) {
      return numbers[random.nextInt(numbers.length)];
    }

    float[] numbers(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      return numbers;
    }

    @Override
    public String toString() {
      return weight.shape() + " over " + in + ", " + geometry;
    }
  }
}
