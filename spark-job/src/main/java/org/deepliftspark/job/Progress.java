package org.deepliftspark.job;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Prints, every few seconds, how many rows are scored, how fast, and how long it will take. Tasks
 * count when they end.
 */
final class Progress implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final LongSupplier scored;
  private final long rows;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService timer;
  private long printed;

  /**
   * @param scored rows so far; may count a row twice where a task was repeated
   * @param rows in all
   */
  Progress(LongSupplier scored, long rows, PrintStream out) {
    this.scored = scored;
    this.rows = rows;
    this.out = out;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "deeplift-progress");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleAtFixedRate(
        this::print, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void print() {
    long done = Math.min(rows, scored.getAsLong());
    if (done > printed) {
      printed = done;
      out.println(line(done, rows, (System.nanoTime() - start) / 1e9));
    }
  }

  /** {@code Scored 1,200 of 8,000 rows (15 %), 310 rows/s, 22 s left}. */
  static String line(long done, long rows, double seconds) {
    double rate = done / seconds;
    return String.format(
        Locale.ROOT,
        "Scored %,d of %,d rows (%d %%), %s rows/s, %s left",
        done,
        rows,
        done * 100 / rows,
        rate(rate),
        duration(Math.round((rows - done) / rate)));
  }

  static String rate(double rowsPerSecond) {
    return String.format(Locale.ROOT, rowsPerSecond < 10 ? "%.2f" : "%,.0f", rowsPerSecond);
  }

  static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
