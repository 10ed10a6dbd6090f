package org.deepliftspark.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/**
 * What can befall a task. A test sets a fault; of all batches in all processes, one meets it (or
 * all do), and not before the job has committed a first file. A fault is a file, so that processes
 * share it.
 */
enum Fault {
  /** The batch fails. */
  THROW_ONCE(true),
  /** Every batch fails. */
  THROW_ALWAYS(false),
  /** The process ends at once, as if it had been killed. */
  HALT_ONCE(true),
  /** The batch hangs until Spark kills its task, as it does once a copy of the task is done. */
  HANG_ONCE(true);

  /** The environment of surefire names the module's folder; executors inherit it. */
  private static final Path FOLDER = Path.of(System.getenv("SPARK_HOME"), "target", "faults");

  private final boolean once;

  Fault(boolean once) {
    this.once = once;
  }

  private Path file() {
    return FOLDER.resolve(name());
  }

  private Path trace() {
    return FOLDER.resolve(name() + ".met");
  }

  /** Sets the fault, for a job that writes to a folder. */
  void set(Path output) throws IOException {
    Files.createDirectories(FOLDER);
    Files.deleteIfExists(trace());
    Files.writeString(file(), output.toString());
  }

  /** Takes every fault back. */
  static void clear() throws IOException {
    for (Fault fault : values()) {
      Files.deleteIfExists(fault.file());
    }
  }

  /** Whether some batch has met the fault since it was set. */
  boolean isMet() {
    return Files.exists(trace());
  }

  /** Called before each batch. */
  static void meet() {
    try {
      for (Fault fault : values()) {
        if (fault.isDue()) {
          Files.writeString(fault.trace(), "");
          fault.happen();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isDue() throws IOException {
    try {
      Path output = Path.of(Files.readString(file()));
      if (!hasScores(output)) {
        return false;
      }
      if (once) {
        Files.delete(file()); // of several processes, one succeeds
      }
      return true;
    } catch (NoSuchFileException notSet) {
      return false;
    }
  }

  private static boolean hasScores(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return false;
    }
    try (Stream<Path> files = Files.list(output)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("part-"));
    }
  }

  private void happen() {
    switch (this) {
      case THROW_ONCE, THROW_ALWAYS -> throw new IllegalStateException("a fault of the test");
      case HALT_ONCE -> Runtime.getRuntime().halt(137);
      case HANG_ONCE -> hang();
    }
  }

  private static void hang() {
    TaskContext task = TaskContext.get();
    while (!task.isInterrupted()) {
      LockSupport.parkNanos(20_000_000);
    }
    throw new TaskKilledException("a copy of this task was faster");
  }
}
