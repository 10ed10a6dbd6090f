package org.deepliftspark.job.partition;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The GPU that Spark gave a task. */
final class TaskGpu {
  private static final Logger LOG = LoggerFactory.getLogger(TaskGpu.class);

  /** What this process has said already. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private TaskGpu() {}

  /**
   * The same on the task's own GPU, or on the processor where that GPU cannot be used and the job
   * allows it; then says so once per process and GPU.
   *
   * @throws InvalidInputException if the GPU cannot be used otherwise
   */
  static EngineSpec settle(EngineSpec spec, TaskContext task) {
    Backend backend = Backends.named(spec.backend());
    if (!backend.onGpu()) {
      return spec;
    }
    EngineSpec mine = spec.with(spec.backend(), spec.gpu().onDevice(address(task)));
    Optional<String> reason = problem(mine);
    if (reason.isEmpty()) {
      return mine;
    } else if (!spec.gpu().mixed()) {
      throw new InvalidInputException(
          "Backend '"
              + spec.backend()
              + "' cannot run in executor "
              + SparkEnv.get().executorId()
              + ": "
              + reason.get());
    }
    if (SAID.add(reason.get())) {
      LOG.warn("Computing on the processor: {}", reason.get());
    }
    return mine.with(spec.gpu().otherwise(), mine.gpu());
  }

  /** Why this process cannot use the GPU of a specification, or empty. */
  static Optional<String> problem(EngineSpec spec) {
    BackendOptions options =
        new BackendOptions(spec.precision(), spec.memoryBytes(), spec.gpu().options());
    return Checked.of(spec.backend(), options);
  }

  /** The index of the task's GPU; the first one where Spark runs in this JVM and knows no GPUs. */
  static int address(TaskContext task) {
    ResourceInformation given = task.resourcesJMap().get(GpuUse.RESOURCE);
    if (given == null) {
      if (SparkEnv.get().executorId().equals("driver")) {
        return 0;
      }
      throw new InvalidInputException(
          "Task without a GPU: set spark.task.resource.gpu.amount, or give --tasks-per-gpu");
    }
    String address = given.addresses()[0];
    if (!address.matches("\\d{1,4}")) {
      throw new InvalidInputException(
          "Invalid GPU address '"
              + address
              + "': expected an index such as 0; the discovery script has to give indices, as"
              + " conf/gpu-discovery.sh does");
    }
    return Integer.parseInt(address);
  }

  /** A GPU is tried once per process: that takes a while, and all its tasks ask. */
  private static final class Checked {
    private static final ConcurrentHashMap<String, Optional<String>> RESULTS =
        new ConcurrentHashMap<>();

    static Optional<String> of(String backend, BackendOptions options) {
      return RESULTS.computeIfAbsent(
          backend + " " + options, key -> Backends.named(backend).unavailable(options));
    }
  }
}
