package org.deepliftspark.engine.backend;

import java.util.Optional;
import org.deepliftspark.engine.program.Program;

/**
 * Runs programs on a machine. Backends know no rule: a new rule or layer needs no change here.
 * Stateless, safe for many threads.
 */
public interface Backend {

  /** Name in options and logs, such as {@code "onnx"}. */
  String name();

  /** Whether it computes on the GPU that {@link BackendOptions#gpu()} names. */
  default boolean onGpu() {
    return false;
  }

  /**
   * Why it can run in no process of this build, whatever the machine, or empty. Loads nothing
   * native.
   */
  default Optional<String> absent() {
    return Optional.empty();
  }

  /**
   * Why it cannot run in this process, or empty. May load native code the first time; a backend on
   * GPUs tries the first one.
   */
  Optional<String> unavailable();

  /** The same for these options, on the GPU that they name. */
  default Optional<String> unavailable(BackendOptions options) {
    return unavailable();
  }

  /**
   * Seconds that a row is thought to take on one thread, by the program's cost and rates measured
   * before; only good for comparing backends with each other. Loads nothing native.
   */
  default double secondsPerRow(Program program) {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Prepares a program: weights are copied to where the backend wants them, once.
   *
   * @throws org.deepliftspark.engine.InvalidInputException if the options ask for what this backend
   *     cannot do
   */
  Executable compile(Program program, BackendOptions options);
}
