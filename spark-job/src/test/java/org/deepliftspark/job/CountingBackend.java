package org.deepliftspark.job;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/**
 * Another backend, slowed down, with a count of what is open of it in this JVM. It is there while a
 * test says so.
 */
public final class CountingBackend implements Backend {
  static final String NAME = "counting";

  /** The backend that computes; null while no test counts. */
  static volatile String sound;

  static final AtomicInteger EXECUTABLES = new AtomicInteger();
  static final AtomicInteger WORKSPACES = new AtomicInteger();
  static final AtomicInteger BATCHES = new AtomicInteger();

  private static final long SLOW_NANOS = 20_000_000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> absent() {
    return sound == null ? Optional.of("not in a test that counts") : Optional.empty();
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    Executable executable = Backends.get(sound).compile(program, options);
    EXECUTABLES.incrementAndGet();
    return new Counted(executable);
  }

  private record Counted(Executable sound) implements Executable {
    @Override
    public Workspace newWorkspace() {
      WORKSPACES.incrementAndGet();
      return new CountedWorkspace(sound.newWorkspace());
    }

    @Override
    public String description() {
      return NAME;
    }

    @Override
    public void close() {
      EXECUTABLES.decrementAndGet();
      sound.close();
    }
  }

  private record CountedWorkspace(Workspace sound) implements Workspace {
    @Override
    public Map<String, Numbers> run(Batch batch) {
      BATCHES.incrementAndGet();
      LockSupport.parkNanos(SLOW_NANOS);
      return sound.run(batch);
    }

    @Override
    public int preferredRows() {
      return sound.preferredRows();
    }

    @Override
    public void close() {
      WORKSPACES.decrementAndGet();
      sound.close();
    }
  }
}
