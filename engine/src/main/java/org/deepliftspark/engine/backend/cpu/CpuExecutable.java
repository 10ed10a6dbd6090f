package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Program;

/** Holds the weights, and what is the same for all rows, for all threads. */
final class CpuExecutable implements Executable {
  private final Weights weights = new Weights();
  private final Plan plan;
  private final Memory shared;

  CpuExecutable(Program program, BackendOptions options) {
    try {
      this.plan = Plan.of(program, weights, options.memoryBytes());
      this.shared = new Memory(plan.buffers().sharedSizes());
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
    try (Memory none = new Memory(new long[0])) {
      LoopNest.of(plan.schedule().shared(), program.sizes()).run(new Frame(shared, none));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    for (int i = 0; i < plan.buffers().sharedSizes().length; i++) {
      if (!plan.buffers().isKept(i)) {
        shared.free(i);
      }
    }
  }

  @Override
  public Workspace newWorkspace() {
    return new CpuWorkspace(plan, shared);
  }

  @Override
  public String description() {
    return "cpu (OpenBLAS, " + GemmPeak.core() + ", float)";
  }

  @Override
  public void close() {
    shared.close();
    weights.close();
  }
}
