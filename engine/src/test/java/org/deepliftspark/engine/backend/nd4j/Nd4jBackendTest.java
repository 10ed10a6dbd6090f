package org.deepliftspark.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Op.Reduction;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class Nd4jBackendTest {
  private static final int CHANNELS = 16;
  private static final int LENGTH = 512;

  private final Nd4jBackend backend = new Nd4jBackend();

  @Test
  void descriptionNamesVersionBlasAndPrecision() {
    BackendOptions options = new BackendOptions(Precision.F64, 0);
    try (Executable executable = backend.compile(network(1), options)) {
      assertThat(executable.description())
          .matches("nd4j 1\\.0\\.0-M2\\.1 \\(CpuBackend, OpenBLAS 0\\.3\\.31 \\w+\\), float64");
    }
  }

  @Test
  void moreMemoryGivesMoreRowsPerBatch() {
    assertThat(preferredRows(1)).isEqualTo(1);
    int few = preferredRows(2 << 20);
    assertThat(few).isGreaterThan(1);
    assertThat(preferredRows(4 << 20)).isGreaterThan(few);
    assertThat(preferredRows(1L << 40)).isEqualTo(64);
  }

  private int preferredRows(long memoryBytes) {
    BackendOptions options = new BackendOptions(Precision.F32, memoryBytes);
    try (Executable executable = backend.compile(network(3), options);
        Workspace workspace = executable.newWorkspace()) {
      return workspace.preferredRows();
    }
  }

  @Test
  void batchThatDoesNotFitIsRefused() {
    try (Executable executable = backend.compile(network(1), BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      assertThatThrownBy(() -> workspace.run(new Batch(2, List.of(new float[5]), List.of())))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Invalid batch of 2 rows: input 0 has 5 numbers, expected 16384");
      assertThatThrownBy(() -> workspace.run(new Batch(1, List.of(), List.of())))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Invalid batch of 1 row: input 0 missing, expected 8192");
    }
  }

  @Test
  void closedExecutableRefusesToRun() {
    Executable executable = backend.compile(network(1), BackendOptions.DEFAULT);
    Workspace workspace = executable.newWorkspace();
    executable.close();
    executable.close();
    assertThatThrownBy(() -> workspace.run(batch(1, 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The executable is closed");
  }

  @Test
  void threadsShareAnExecutable() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Executable executable = backend.compile(network(2), BackendOptions.DEFAULT)) {
      List<float[]> alone = new ArrayList<>();
      for (int seed = 0; seed < 4; seed++) {
        alone.add(run(executable, seed));
      }
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int seed = i % 4;
        tasks.add(() -> run(executable, seed));
      }
      List<Future<float[]>> together = threads.invokeAll(tasks);
      for (int i = 0; i < together.size(); i++) {
        assertThat(together.get(i).get()).containsExactly(alone.get(i % 4));
      }
    } finally {
      threads.shutdown();
    }
  }

  private static float[] run(Executable executable, int seed) {
    try (Workspace workspace = executable.newWorkspace()) {
      return workspace.run(batch(3, seed)).get("y").floats();
    }
  }

  /** 60 batches make 2 GB of values, but too little garbage on the heap to wake the collector. */
  @Test
  void memoryOfABatchIsFreedWithIt() throws IOException {
    Batch batch = batch(32, 0);
    try (Executable executable = backend.compile(network(6), BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      for (int i = 0; i < 10; i++) {
        workspace.run(batch);
      }
      long before = residentBytes();
      for (int i = 0; i < 60; i++) {
        workspace.run(batch);
      }
      assertThat(residentBytes() - before).isLessThan(400L << 20);
    }
  }

  /** What a process holds is told by Linux; elsewhere the test is skipped. */
  private static long residentBytes() throws IOException {
    Path statm = Path.of("/proc/self/statm");
    Assumptions.assumeTrue(Files.exists(statm), "no /proc/self/statm: not Linux");
    return Long.parseLong(Files.readString(statm).split(" ")[1]) * 4096;
  }

  /** Layers of a narrow convolution and an activation over {@code [16, 512]}. */
  private static Program network(int layers) {
    ProgramBuilder builder = new ProgramBuilder();
    Value x = builder.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(CHANNELS, LENGTH));
    float[] weight = new float[CHANNELS * CHANNELS];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (i * 31 % 17 - 8) / 20f;
    }
    for (int layer = 0; layer < layers; layer++) {
      Tensor kernel = Tensor.of(weight, CHANNELS, CHANNELS, 1);
      x = builder.unary(UnaryOp.RELU, builder.conv(x, kernel, null, ConvGeometry.plain(1)));
    }
    builder.output("y", builder.reduce(Reduction.SUM, x, 1));
    return builder.build(new Sizes(1, 1, 1));
  }

  private static Batch batch(int rows, int seed) {
    float[] input = new float[rows * CHANNELS * LENGTH];
    for (int i = 0; i < input.length; i++) {
      input[i] = (i * 7 + seed) % 13 - 6;
    }
    return new Batch(rows, List.of(input), List.of());
  }
}
