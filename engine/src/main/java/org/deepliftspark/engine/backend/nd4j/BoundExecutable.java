package org.deepliftspark.engine.backend.nd4j;

import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Numbers;

/**
 * An executable whose arrays lie on one GPU. ND4J gives a device to each thread, so every thread is
 * bound to that GPU before it touches an array.
 */
final class BoundExecutable implements Executable {
  private final Executable executable;
  private final int device;
  private final IntConsumer bind;

  /**
   * @param bind binds the calling thread to a device
   */
  BoundExecutable(Supplier<Executable> compiler, int device, IntConsumer bind) {
    bind.accept(device);
    this.executable = compiler.get();
    this.device = device;
    this.bind = bind;
  }

  @Override
  public Workspace newWorkspace() {
    return new Bound(executable.newWorkspace());
  }

  @Override
  public String description() {
    return executable.description();
  }

  @Override
  public void close() {
    bind.accept(device);
    executable.close();
  }

  private final class Bound implements Workspace {
    private final Workspace workspace;

    Bound(Workspace workspace) {
      this.workspace = workspace;
    }

    @Override
    public Map<String, Numbers> run(Batch batch) {
      bind.accept(device);
      return workspace.run(batch);
    }

    @Override
    public int preferredRows() {
      return workspace.preferredRows();
    }

    @Override
    public void close() {
      bind.accept(device);
      workspace.close();
    }
  }
}
