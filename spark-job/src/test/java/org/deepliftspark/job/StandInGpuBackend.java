package org.deepliftspark.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/**
 * A backend that takes the address of a GPU as one on CUDA does, and computes on the processor by
 * ONNX Runtime: for tests of scheduling, on machines without a GPU. It is there only in processes
 * with the property {@value #FOLDER}, and its name says what it is.
 */
public final class StandInGpuBackend implements Backend {
  static final String NAME = "test-stand-in:gpu";

  /** Property: a folder; a file in it named like an address breaks that GPU. */
  static final String FOLDER = "deeplift.test.gpus";

  private static final Map<Integer, Load> LOADS = new ConcurrentHashMap<>();

  /** How many calls are on a GPU, how many were at most, and how many there have been. */
  private static final class Load {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger compiled = new AtomicInteger();
  }

  /** One line per GPU of this process: address, engines, most calls at once, any calls. */
  static String loads() {
    StringBuilder text = new StringBuilder();
    LOADS.forEach(
        (device, load) ->
            text.append("gpu ")
                .append(device)
                .append(": engines ")
                .append(load.compiled)
                .append(", at once ")
                .append(load.most)
                .append(load.calls.get() > 1 ? ", used" : "")
                .append("; "));
    return text.toString();
  }

  static void forget() {
    LOADS.clear();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean onGpu() {
    return true;
  }

  @Override
  public Optional<String> absent() {
    return System.getProperty(FOLDER) != null ? Optional.empty() : Optional.of("not in a test");
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable(BackendOptions.DEFAULT);
  }

  @Override
  public Optional<String> unavailable(BackendOptions options) {
    if (SparkEnv.get() == null || SparkEnv.get().executorId().equals("driver")) {
      return Optional.of("the driver has no stand-in");
    }
    int device = options.gpu().device();
    Path broken = Path.of(System.getProperty(FOLDER), Integer.toString(device));
    return Files.exists(broken)
        ? Optional.of("stand-in " + device + " is broken")
        : Optional.empty();
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    int device = options.gpu().device();
    Load load = LOADS.computeIfAbsent(device, key -> new Load());
    load.compiled.incrementAndGet();
    Executable onProcessor = Backends.named("onnx").compile(program, options);
    return new Executable() {
      @Override
      public Workspace newWorkspace() {
        return new CountedWorkspace(onProcessor.newWorkspace(), load);
      }

      @Override
      public String description() {
        return NAME + " " + device + " (" + onProcessor.description() + ")";
      }

      @Override
      public void close() {
        onProcessor.close();
      }
    };
  }

  private record CountedWorkspace(Workspace workspace, Load load) implements Workspace {
    @Override
    public Map<String, Numbers> run(Batch batch) {
      load.most.accumulateAndGet(load.now.incrementAndGet(), Math::max);
      load.calls.incrementAndGet();
      try {
        Thread.sleep(2); // so that tasks meet
        return workspace.run(batch);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        load.now.decrementAndGet();
      }
    }

    @Override
    public int preferredRows() {
      return 4;
    }

    @Override
    public void close() {
      workspace.close();
    }
  }
}
