package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The one environment of ONNX Runtime in this JVM, made on first use; any thread may ask for it.
 *
 * <p>When ONNX Runtime 1.29, newer than the version that the build takes, makes an environment, it
 * matches the command line of the process by a recursive regular expression, at about 300 bytes of
 * stack for each character. Command lines with a class path, as Spark's often are, overflow the
 * stack of a Java thread (1 MB: about 3,600 characters), and the JVM dies without a word. Hence a
 * thread whose stack fits the command line.
 */
final class OnnxEnvironment {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final long STACK_PER_CHARACTER = 512;
  private static final long STACK_FOR_THE_REST = 1 << 20;
  private static final long STACK_IF_UNKNOWN = 64L << 20;
  private static final long MOST_STACK = 1L << 30;

  private static OrtEnvironment environment;

  private OnnxEnvironment() {}

  /**
   * @throws LinkageError if the native library does not load
   */
  static synchronized OrtEnvironment get() {
    if (environment == null) {
      environment = create();
    }
    return environment;
  }

  private static OrtEnvironment create() {
    FutureTask<OrtEnvironment> task =
        new FutureTask<>(
            () ->
                OrtEnvironment.getEnvironment(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "deeplift-spark"));
    new Thread(null, task, "onnx-environment", stackBytes()).start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // it takes a second at most, and a second environment cannot be made
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static long stackBytes() {
    try {
      long characters = Files.readAllBytes(COMMAND_LINE).length;
      return Math.min(STACK_FOR_THE_REST + STACK_PER_CHARACTER * characters, MOST_STACK);
    } catch (IOException e) {
      return STACK_IF_UNKNOWN;
    }
  }
}
