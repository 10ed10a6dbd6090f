package org.deepliftspark.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Op.Reduction;
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
import org.junit.jupiter.api.Test;

class CpuBackendTest {
  private static final int CHANNELS = 40;
  private static final int LENGTH = 50;
  private static final Extent PAIR = Extent.of(Axis.ROW, Axis.REFERENCE);

  private final CpuBackend backend = new CpuBackend();
  private final ProgramBuilder code = new ProgramBuilder();
  private final Random random = new Random(5);

  @Test
  void isFastestForConvolutionsAlongALine() {
    assertThat(backend.isFastestFor(network(code.scalar(1)))).isTrue();
  }

  @Test
  void isFastestWhereWindowsLieSideBySide() {
    assertThat(backend.isFastestFor(pooled(2, 2))).isTrue();
  }

  @Test
  void isNotFastestWhereManyWindowsOverlap() {
    assertThat(backend.isFastestFor(pooled(40, 1))).isFalse();
  }

  @Test
  void isNotFastestForWideLayers() {
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(512, LENGTH));
    code.output("y", code.conv(x, weights(512, 512, 1), null, ConvGeometry.plain(1)));
    assertThat(backend.isFastestFor(code.build(new Sizes(1, 1, 1)))).isFalse();
  }

  @Test
  void isFastestForWideLayersOfThreeTapsUnlessTheyArePooled() {
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(512, LENGTH));
    Value y = code.conv(x, weights(512, 512, 3), null, same());
    code.output("y", y);
    assertThat(backend.isFastestFor(code.build(new Sizes(1, 1, 1)))).isTrue();
    int[] two = {2};
    code.output("pooled", code.maxPool(y, new PoolGeometry(two, two, new int[1], new int[1])));
    assertThat(backend.isFastestFor(code.build(new Sizes(1, 1, 1)))).isFalse();
  }

  @Test
  void isFastestForImages() {
    assertThat(backend.isFastestFor(image(1))).isTrue();
  }

  @Test
  void isNotFastestForStrides() {
    assertThat(backend.isFastestFor(image(2))).isFalse();
  }

  private Program image(int stride) {
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(3, 16, 16));
    int[] one = {1, 1};
    ConvGeometry geometry = new ConvGeometry(new int[] {stride, stride}, one, one, one, 1);
    code.output("y", code.conv(x, weights(16, 3, 3, 3), null, geometry));
    return code.build(new Sizes(1, 1, 1));
  }

  private Program pooled(int window, int stride) {
    Value x = conv(code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(CHANNELS, LENGTH)));
    PoolGeometry pool =
        new PoolGeometry(new int[] {window}, new int[] {stride}, new int[1], new int[1]);
    code.output("y", code.maxPool(x, pool));
    return code.build(new Sizes(1, 1, 1));
  }

  @Test
  void isNotFastestForLargeExponentials() {
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(CHANNELS, LENGTH));
    code.output("y", code.unary(UnaryOp.EXP, conv(x)));
    assertThat(backend.isFastestFor(code.build(new Sizes(1, 1, 1)))).isFalse();
  }

  @Test
  void refusesToComputeInDouble() {
    Program program = network(code.scalar(1));
    BackendOptions options = new BackendOptions(Precision.F64, 0);
    assertThatThrownBy(() -> backend.compile(program, options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot compute in double on backend 'cpu'. Use --backend nd4j, or --precision f32");
  }

  @Test
  void positivePartsOfWhatIsNotANumberStayThat() {
    Program program = network(code.scalar(1));
    float[] x = numbers(CHANNELS * LENGTH);
    float[] r = numbers(3 * CHANNELS * LENGTH);
    x[7] = Float.NaN;
    try (Executable executable = backend.compile(program, BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      float[] y = workspace.run(new Batch(1, List.of(x), List.of(r))).get("y").floats();
      assertThat(y[0]).isNaN();
    }
  }

  @Test
  void littleMemoryChangesNothingButTheLastBits() {
    Program program = network(code.scalar(2));
    Batch batch =
        new Batch(
            2, List.of(numbers(2 * CHANNELS * LENGTH)), List.of(numbers(6 * CHANNELS * LENGTH)));
    float[] usual = run(program, batch, 0);
    float[] little = run(program, batch, 1);
    assertThat(little).hasSameSizeAs(usual);
    float largest = 0;
    for (float number : usual) {
      largest = Math.max(largest, Math.abs(number));
    }
    for (int i = 0; i < usual.length; i++) {
      assertThat(little[i]).isCloseTo(usual[i], within(1e-5f * largest));
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    Program program = network(code.scalar(2));
    Batch batch =
        new Batch(
            2, List.of(numbers(2 * CHANNELS * LENGTH)), List.of(numbers(6 * CHANNELS * LENGTH)));
    float[] alone = run(program, batch, 0);
    float[][] found = new float[4][];
    try (Executable executable = backend.compile(program, BackendOptions.DEFAULT)) {
      Thread[] threads = new Thread[found.length];
      for (int i = 0; i < threads.length; i++) {
        int number = i;
        threads[i] =
            new Thread(
                () -> {
                  try (Workspace workspace = executable.newWorkspace()) {
                    for (int repeat = 0; repeat < 20; repeat++) {
                      found[number] = workspace.run(batch).get("y").floats();
                    }
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    for (float[] one : found) {
      assertThat(one).containsExactly(alone);
    }
  }

  /** Slopes between an input's and its references' positive parts, summed and sent back. */
  private Program network(Value factor) {
    Tensor weight = weights(CHANNELS, CHANNELS, 3);
    Value x = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(CHANNELS, LENGTH));
    Value r = code.feed(Role.REFERENCE, 0, PAIR, Shape.of(CHANNELS, LENGTH));
    ConvGeometry geometry = same();
    Value ofX = code.conv(x, weight, weights(CHANNELS), geometry);
    Value ofR = code.conv(r, weight, weights(CHANNELS), geometry);
    Value larger = code.maximum(code.unary(UnaryOp.RELU, ofX), code.unary(UnaryOp.RELU, ofR));
    Value m = code.multiply(larger, factor);
    Value back = code.add(m, code.convTranspose(m, weight, geometry, Shape.of(CHANNELS, LENGTH)));
    Value flat = code.reshape(back, Shape.of(CHANNELS * LENGTH));
    Value dense = code.dense(flat, weights(CHANNELS * LENGTH, 6), false, weights(6));
    Value joined = code.binary(BinaryOp.ADD, dense, code.reduce(Reduction.SUM, dense, 0));
    code.output("y", joined);
    return code.build(new Sizes(1, 1, 3));
  }

  private Value conv(Value x) {
    return code.conv(x, weights(CHANNELS, CHANNELS, 3), null, same());
  }

  private static ConvGeometry same() {
    int[] one = {1};
    return new ConvGeometry(one, one, one, one, 1);
  }

  private float[] run(Program program, Batch batch, long memoryBytes) {
    BackendOptions options = new BackendOptions(Precision.F32, memoryBytes);
    try (Executable executable = backend.compile(program, options);
        Workspace workspace = executable.newWorkspace()) {
      return workspace.run(batch).get("y").floats();
    }
  }

  private Tensor weights(int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(numbers(shape.size()), shape);
  }

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() / 4;
    }
    return numbers;
  }
}
