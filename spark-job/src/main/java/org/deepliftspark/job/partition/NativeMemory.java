package org.deepliftspark.job.partition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepliftspark.engine.InvalidInputException;

/**
 * The memory of this process, native memory included, and its limit: {@value #LIMIT_PROPERTY},
 * which the launcher and the files in {@code conf/} set. JavaCPP checks it when it allocates; other
 * libraries do not, so the job checks it between batches. Safe for many threads.
 */
public final class NativeMemory {
  static final String LIMIT_PROPERTY = "org.bytedeco.javacpp.maxphysicalbytes";

  private static final Path STATM = Path.of("/proc/self/statm");

  /** The page size of Linux on x86-64. */
  private static final long PAGE_BYTES = 4096;

  private static final long EVERY_NANOS = 200_000_000;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kmgt]?)b?");
  private static final AtomicLong CHECKED = new AtomicLong(System.nanoTime() - EVERY_NANOS);
  private static final AtomicLong PEAK = new AtomicLong();

  private NativeMemory() {}

  /** The most resident bytes that a check has found in this process. */
  public static long peakBytes() {
    return PEAK.get();
  }

  /**
   * Measures, a few times per second at most.
   *
   * @throws InvalidInputException if the process is above its limit
   */
  static void check() {
    long last = CHECKED.get();
    long now = System.nanoTime();
    if (now - last < EVERY_NANOS || !CHECKED.compareAndSet(last, now)) {
      return;
    }
    long resident = residentBytes();
    PEAK.accumulateAndGet(resident, Math::max);
    refuse(resident, limitBytes(System.getProperty(LIMIT_PROPERTY)));
  }

  static void refuse(long resident, long limit) {
    if (limit > 0 && resident > limit) {
      throw tooMuch(
          String.format(
              Locale.ROOT,
              "%d MB are resident, -D%s allows %d MB",
              resident >> 20,
              LIMIT_PROPERTY,
              limit >> 20));
    }
  }

  /** Resident bytes of this process; 0 where the system does not tell. */
  static long residentBytes() {
    try {
      return Long.parseLong(Files.readString(STATM).split(" ")[1]) * PAGE_BYTES;
    } catch (IOException notLinux) {
      return 0;
    }
  }

  /** Bytes of a text such as {@code 9g}; 0 for none. */
  static long limitBytes(String text) {
    Matcher matcher = SIZE.matcher(text == null ? "" : text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return 0;
    }
    int unit = " kmgt".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
    return Long.parseLong(matcher.group(1)) << (10 * unit);
  }

  /**
   * What to throw for a failure of the engine: one for the user if JavaCPP refused to allocate,
   * otherwise the failure itself.
   */
  public static Throwable explain(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof OutOfMemoryError && message.contains("hysical memory")) {
        InvalidInputException explained = tooMuch(message.lines().findFirst().orElse(message));
        explained.initCause(failure);
        return explained;
      }
    }
    return failure;
  }

  private static InvalidInputException tooMuch(String what) {
    return new InvalidInputException(
        "Out of native memory in a process of the job: "
            + what
            + ". Lower --memory-per-task or --batch, run fewer tasks at once in an executor"
            + " (spark.executor.cores), or raise that limit together with"
            + " spark.executor.memoryOverhead");
  }
}
