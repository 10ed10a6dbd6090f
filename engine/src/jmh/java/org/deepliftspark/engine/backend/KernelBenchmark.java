package org.deepliftspark.engine.backend;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One instruction, or a chain that backends fuse, over a batch of four rows, on each backend. Sizes
 * are odd on purpose: what is a multiple of nothing shows the costs of edges. A backend that
 * computes something else than the oracle gets no number.
 *
 * <p>Run: {@code mvn -Pjmh -pl engine test-compile exec:exec -Djmh.args="-p kernel=CONV -p
 * length=1000"}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3) // forks, not length: native libraries place their memory anew in each process
public class KernelBenchmark {
  private static final int ROWS = 4;
  private static final double TOLERANCE = 1e-4;

  /** What is measured. */
  public enum Kernel {
    /** 9 taps, padded so that the length stays. */
    CONV,
    /** The same with steps of 3 and a dilation of 2. */
    CONV_STRIDED,
    CONV_TRANSPOSE,
    DENSE,
    /** The secant slope of a ReLU, times a multiplier: element-wise steps. */
    RELU_SLOPE,
    MAX_POOL,
    /** A maximum's multiplier back to where it came from. */
    MAX_UNPOOL,
    SOFTMAX
  }

  @Param({"cpu", "onnx", "nd4j"})
  public String backend;

  @Param public Kernel kernel;

  @Param({"101", "1000", "2114"})
  public int length;

  @Param({"5", "37", "64"})
  public int channels;

  private Executable executable;
  private Workspace workspace;
  private Batch batch;

  @Setup(Level.Trial)
  public void setUp() {
    Program program = program();
    executable = Backends.named(backend).compile(program, BackendOptions.DEFAULT);
    workspace = executable.newWorkspace();
    int size = channels * length;
    batch = new Batch(ROWS, List.of(numbers(ROWS * size, 1), numbers(ROWS * size, 2)), List.of());
    requireCorrect(program);
  }

  private Program program() {
    ProgramBuilder code = new ProgramBuilder();
    Value x = feed(code, 0);
    Value y = feed(code, 1);
    code.output("y", result(code, x, y));
    return code.build(new Program.Sizes(1, 1, 1));
  }

  private Value feed(ProgramBuilder code, int input) {
    return code.feed(Role.INPUT, input, Extent.of(Axis.ROW), Shape.of(channels, length));
  }

  private Value result(ProgramBuilder code, Value x, Value y) {
    Tensor weight = Tensor.of(numbers(channels * channels * 9, 3), channels, channels, 9);
    PoolGeometry pool =
        new PoolGeometry(new int[] {3}, new int[] {2}, new int[] {1}, new int[] {1});
    return switch (kernel) {
      case CONV -> code.conv(code.add(x, y), weight, null, geometry(1, 4, 1));
      case CONV_STRIDED -> code.conv(code.add(x, y), weight, null, geometry(3, 8, 2));
      case CONV_TRANSPOSE ->
          code.convTranspose(code.add(x, y), weight, geometry(1, 4, 1), x.shape());
      case DENSE -> {
        Tensor square = Tensor.of(numbers(length * 64, 4), length, 64);
        yield code.dense(code.add(x, y), square, false, null);
      }
      case RELU_SLOPE -> {
        Value zero = code.scalar(0);
        Value up = code.maximum(code.maximum(x, y), zero);
        Value down = code.maximum(code.subtract(zero, code.minimum(x, y)), zero);
        Value sum = code.maximum(code.add(up, down), code.scalar(1e-30));
        yield code.multiply(y, code.divide(up, sum));
      }
      case MAX_POOL -> code.maxPool(code.add(x, y), pool);
      case MAX_UNPOOL -> code.maxUnpool(x, code.maxPool(y, pool), pool);
      case SOFTMAX -> code.softmax(code.add(x, y), 1);
    };
  }

  private static ConvGeometry geometry(int stride, int pad, int dilation) {
    int[] pads = {pad};
    return new ConvGeometry(new int[] {stride}, pads, pads, new int[] {dilation}, 1);
  }

  private static float[] numbers(int count, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** A fast wrong kernel must not get a number. */
  private void requireCorrect(Program program) {
    double[] expected = new OracleInterpreter(program).run(batch).get("y").doubles();
    Numbers found = workspace.run(batch).get("y");
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found.get(i)));
    }
    if (!(difference <= TOLERANCE * largest)) {
      throw new IllegalStateException(
          kernel + " on " + backend + " is off by " + difference + " of " + largest);
    }
  }

  @Benchmark
  public Map<String, Numbers> kernel() {
    return workspace.run(batch);
  }

  @TearDown(Level.Trial)
  public void close() {
    workspace.close();
    executable.close();
  }
}
