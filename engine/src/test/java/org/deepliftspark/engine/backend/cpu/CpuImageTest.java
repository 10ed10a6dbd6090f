package org.deepliftspark.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolutions over images and lines between pools of windows side by side, in drawn geometries:
 * there and back, as rules write them.
 */
class CpuImageTest {
  private static final Extent ROW = Extent.of(Axis.ROW);
  private static final Extent PAIR = Extent.of(Axis.ROW, Axis.REFERENCE);
  private static final int ROWS = 3;
  private static final int REFERENCES = 2;

  static IntStream seeds() {
    return IntStream.range(0, 150);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void computesWhatTheOracleComputes(int seed) {
    Drawn drawn = new Drawn(new Random(seed));
    float[] expected = run(new OracleBackend(), drawn);
    float[] found = run(new CpuBackend(), drawn);
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    assertThat(found).as(drawn.about).hasSameSizeAs(expected);
    assertThat(difference).as(drawn.about).isLessThanOrEqualTo(2e-5f * largest);
  }

  private static float[] run(Backend backend, Drawn drawn) {
    try (Executable executable = backend.compile(drawn.program, BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      return workspace.run(drawn.batch).get("y").floats();
    }
  }

  /** Two convolutions and two pools, of a row and of its references. */
  private static final class Drawn {
    final Random random;
    final ProgramBuilder code = new ProgramBuilder();
    final Program program;
    final Batch batch;
    final String about;

    Drawn(Random random) {
      this.random = random;
      int channels = pick(1, 2, 3, 4, 6, 9);
      boolean line = random.nextInt(3) == 0;
      int height = line ? 1 : 1 + random.nextInt(9);
      Shape shape = Shape.of(channels, height, 3 + random.nextInt(line ? 60 : 9));
      Value x = code.feed(Role.INPUT, 0, ROW, shape);
      Value r = code.feed(Role.REFERENCE, 0, PAIR, shape);
      Layer first = new Layer(shape, pick(1, 8, 9, 16));
      Layer second = new Layer(first.pooled, pick(2, 8, 17));
      Value x1 = first.forward(x);
      Value r1 = first.forward(r);
      Value x2 = second.forward(first.pool(x1));
      Value r2 = second.forward(first.pool(r1));
      Value top = code.subtract(second.pool(x2), second.pool(r2));
      Value m = first.back(x1, r1, second.back(x2, r2, top));
      code.output("y", code.multiply(m, code.subtract(x, r)));
      this.program = code.build(new Sizes(1, 1, REFERENCES));
      this.batch =
          new Batch(
              ROWS,
              List.of(numbers(ROWS * shape.size())),
              List.of(numbers(ROWS * REFERENCES * shape.size())));
      this.about = shape + " " + first + " " + second;
    }

    int pick(int... numbers) {
      return numbers[random.nextInt(numbers.length)];
    }

    float[] numbers(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        // ties, and exact zeros, now and then
        numbers[i] = random.nextInt(8) == 0 ? 0 : (float) random.nextGaussian();
      }
      return numbers;
    }

    /** A convolution with stride 1, ReLU and a pool. */
    final class Layer {
      final Shape in;
      final Shape out;
      final Shape pooled;
      final Tensor weight;
      final Tensor bias;
      final ConvGeometry geometry;
      final PoolGeometry pool;

      Layer(Shape in, int channels) {
        this.in = in;
        int[] kernel = new int[2];
        int[] before = new int[2];
        int[] after = new int[2];
        int[] dilation = new int[2];
        int[] dims = {channels, 0, 0};
        int[] window = new int[2];
        int[] pooledDims = {channels, 0, 0};
        for (int axis = 0; axis < 2; axis++) {
          int length = in.dim(axis + 1);
          dilation[axis] = length > 4 ? pick(1, 1, 2) : 1;
          kernel[axis] = 1 + random.nextInt(Math.min(in.dim(1) == 1 ? 12 : 4, length));
          int reach = (kernel[axis] - 1) * dilation[axis];
          // a line mostly stays one
          boolean padded = length > 1 || random.nextInt(4) == 0;
          before[axis] = padded ? random.nextInt(reach + 2) : 0;
          after[axis] = padded ? Math.max(0, reach - before[axis] + random.nextInt(2)) : 0;
          dims[axis + 1] = length + before[axis] + after[axis] - reach;
          window[axis] = pick(1, 2, 3);
          while (dims[axis + 1] % window[axis] != 0 && random.nextInt(4) > 0) {
            window[axis] = 1 + window[axis] % 3;
          }
          window[axis] = Math.min(window[axis], dims[axis + 1]);
          pooledDims[axis + 1] = dims[axis + 1] / window[axis];
        }
        this.out = Shape.of(dims);
        this.pooled = Shape.of(pooledDims);
        Shape weights = Shape.of(channels, in.dim(0), kernel[0], kernel[1]);
        this.weight = Tensor.of(numbers(weights.size()), weights);
        this.bias = random.nextBoolean() ? Tensor.of(numbers(channels), channels) : null;
        this.geometry = new ConvGeometry(new int[] {1, 1}, before, after, dilation, 1);
        this.pool = new PoolGeometry(window, window, new int[2], new int[2]);
      }

      Value forward(Value value) {
        return code.conv(value, weight, bias, geometry);
      }

      Value pool(Value z) {
        return code.maxPool(code.unary(UnaryOp.RELU, z), pool);
      }

      Value back(Value u, Value v, Value m) {
        Value a = code.unary(UnaryOp.RELU, u);
        Value b = code.unary(UnaryOp.RELU, v);
        Value winner = code.maximum(a, b);
        Value change = code.subtract(code.maxPool(a, pool), code.maxPool(b, pool));
        Value delta = code.maxSelect(winner, code.subtract(a, b), pool);
        Value still = code.binary(BinaryOp.EQUAL, delta, code.scalar(0));
        Value slope = code.divide(code.add(change, still), code.add(delta, still));
        Value spread = code.maxUnpool(winner, code.multiply(m, slope), pool);
        Value negative = code.minimum(code.minimum(u, v), code.scalar(-1e-30));
        Value share = code.divide(winner, code.subtract(winner, negative));
        return code.convTranspose(code.multiply(spread, share), weight, geometry, in);
      }

      @Override
      public String toString() {
        return weight.shape() + " " + geometry + " pool " + pool;
      }
    }
  }
}
