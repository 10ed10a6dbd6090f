package org.deepliftspark.job;

import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/** Backend {@code onnx}, except that a batch meets what {@link Fault} has in store for it. */
public final class FaultyBackend implements Backend {
  static final String NAME = "faulty";

  /** The backend that computes. */
  static final String SOUND = "onnx";

  @Override
  public String name() {
    return NAME;
  }

  /** There in the processes of a cluster's tests only, so that no other test meets it by chance. */
  @Override
  public Optional<String> absent() {
    return System.getenv("SPARK_TESTING") != null
        ? Optional.empty()
        : Optional.of("not in a test of faults");
  }

  @Override
  public Optional<String> unavailable() {
    return Backends.get(SOUND).unavailable();
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    return new Faulty(Backends.get(SOUND).compile(program, options));
  }

  private record Faulty(Executable sound) implements Executable {
    @Override
    public Workspace newWorkspace() {
      return new FaultyWorkspace(sound.newWorkspace());
    }

    @Override
    public String description() {
      return NAME + " (" + sound.description() + ")";
    }

    @Override
    public void close() {
      sound.close();
    }
  }

  private record FaultyWorkspace(Workspace sound) implements Workspace {
    @Override
    public Map<String, Numbers> run(Batch batch) {
      Fault.meet();
      return sound.run(batch);
    }

    @Override
    public int preferredRows() {
      return sound.preferredRows();
    }

    @Override
    public void close() {
      sound.close();
    }
  }
}
