package org.deepliftspark.job;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Prints, every few seconds, how many rows are scored, how fast, and how long it will take, going
 * by the speed of the last minute.
 */
final class Progress implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int SAMPLES = 12;

  private final LongSupplier scored;
  private final long rows;
  private final PrintStream out;
  private final ScheduledExecutorService timer;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long printed;

  private record Sample(long done, long nanos) {}

  /**
   * @param scored rows so far
   * @param rows in all
   */
  Progress(LongSupplier scored, long rows, PrintStream out) {
    this.scored = scored;
    this.rows = rows;
    this.out = out;
    samples.add(new Sample(0, System.nanoTime()));
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "deeplift-progress");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleAtFixedRate(
        this::tick, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tick() {
    print(Math.min(rows, scored.getAsLong()), System.nanoTime());
  }

  /** Takes in how many rows are scored at a time, and says so if there are more than before. */
  void print(long done, long nanos) {
    Sample oldest = samples.peekFirst();
    samples.add(new Sample(done, nanos));
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
    if (done > printed) {
      printed = done;
      double rate = (done - oldest.done()) / ((nanos - oldest.nanos()) / 1e9);
      out.println(line(done, rows, rate));
    }
  }

  /** {@code Scored 1,200 of 8,000 rows (15 %), 310 rows/s, 22 s left}. */
  static String line(long done, long rows, double rate) {
    return String.format(
        Locale.ROOT,
        "Scored %,d of %,d rows (%d %%), %s rows/s, %s left",
        done,
        rows,
        done * 100 / rows,
        rate(rate),
        duration(rate <= 0 ? 0 : Math.round((rows - done) / rate)));
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
