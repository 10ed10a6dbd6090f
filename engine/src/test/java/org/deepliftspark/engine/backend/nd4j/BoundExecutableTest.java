package org.deepliftspark.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;

class BoundExecutableTest {
  private final Map<Long, Integer> devices = new ConcurrentHashMap<>();

  @Test
  void everyThreadIsBoundToTheDeviceBeforeItComputes() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Executable executable = new BoundExecutable(this::compileBound, 3, this::bind)) {
      other.submit(() -> computesOnDevice(executable)).get();
      computesOnDevice(executable);
      assertThat(devices).hasSize(2).containsValue(3);
    } finally {
      other.shutdownNow();
    }
  }

  private Executable compileBound() {
    assertBound();
    return new Nd4jBackend().compile(plusOne(), BackendOptions.DEFAULT);
  }

  private void computesOnDevice(Executable executable) {
    try (Workspace workspace = executable.newWorkspace()) {
      Batch batch = new Batch(2, List.of(new float[] {1, 2, 3, 4}), List.of());
      assertThat(workspace.run(batch).get("y").floats()).containsExactly(2, 3, 4, 5);
      assertBound();
    }
  }

  private void bind(int device) {
    devices.put(Thread.currentThread().getId(), device);
  }

  private void assertBound() {
    assertThat(devices).containsEntry(Thread.currentThread().getId(), 3);
  }

  private static Program plusOne() {
    ProgramBuilder builder = new ProgramBuilder();
    Value x = builder.feed(Instruction.Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(2));
    builder.output("y", builder.add(x, builder.scalar(1)));
    return builder.build(new Program.Sizes(1, 1, 1));
  }

  @Test
  void bindingIsHarmlessWhereNd4jComputesOnTheProcessor() {
    assertThat(new Nd4jBackend().unavailable()).isEmpty();
    Nd4jRuntime.bind(1);
    try (Executable executable = new Nd4jBackend().compile(plusOne(), BackendOptions.DEFAULT);
        Workspace workspace = executable.newWorkspace()) {
      Batch batch = new Batch(1, List.of(new float[] {1, 2}), List.of());
      assertThat(workspace.run(batch).get("y").floats()).containsExactly(2, 3);
    }
  }
}
