package org.deepliftspark.engine.backend;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.deepliftspark.engine.program.Numbers;

/**
 * An executable on a GPU that many threads share: no more than a few calls are on the GPU at once,
 * over all executables of this process, and the others wait in the order in which they came. What a
 * thread does between calls, such as encoding and writing rows, goes on beside them.
 */
final class SharedGpu implements Executable {
  private static final Map<String, Semaphore> GATES = new ConcurrentHashMap<>();

  private final Executable executable;
  private final Semaphore gate;

  private SharedGpu(Executable executable, Semaphore gate) {
    this.executable = executable;
    this.gate = gate;
  }

  static Executable of(Executable executable, GpuOptions gpu) {
    return new SharedGpu(executable, gate(gpu));
  }

  private static Semaphore gate(GpuOptions gpu) {
    return GATES.computeIfAbsent(
        gpu.device() + " " + gpu.concurrentCalls(),
        key -> new Semaphore(gpu.concurrentCalls(), true));
  }

  @Override
  public Workspace newWorkspace() {
    Workspace workspace = executable.newWorkspace();
    return new Workspace() {
      @Override
      public Map<String, Numbers> run(Batch batch) {
        // a task that is killed is asked between two batches; waiting is short beside that
        gate.acquireUninterruptibly();
        try {
          return workspace.run(batch);
        } finally {
          gate.release();
        }
      }

      @Override
      public int preferredRows() {
        return workspace.preferredRows();
      }

      @Override
      public void close() {
        workspace.close();
      }
    };
  }

  @Override
  public String description() {
    return executable.description();
  }

  @Override
  public void close() {
    executable.close();
  }
}
