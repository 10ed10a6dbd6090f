package org.deepliftspark.job;

import java.util.Locale;

/**
 * How many tasks score how many rows, and how long that will take.
 *
 * @param tasks that score
 * @param rows in all
 * @param rowsPerSecond of one task
 * @param measured whether the speed was measured, or taken from the cost of a row
 * @param cores of the cluster
 */
record PartitionPlan(int tasks, long rows, double rowsPerSecond, boolean measured, int cores) {
  /** Arithmetic that a task is taken to do per second; the order of magnitude is what counts. */
  private static final double FLOPS_PER_SECOND = 60e9;

  /** Tasks per core, at least and if they are short, so that slow and fast ones even out. */
  private static final int FEWEST_PER_CORE = 4;

  /** Beyond this many tasks per core, cores hardly wait for the last ones any longer. */
  private static final int ENOUGH_PER_CORE = 12;

  /** Tasks of less spend too much of their time on starting and committing. */
  private static final double SHORT_SECONDS = 5;

  private static final int MOST_TASKS = 100_000;

  /** Bytes of sequence that one task of the preparation handles. */
  private static final long BYTES_PER_TASK = 32L << 20;

  /**
   * @param asked tasks that the user asked for; 0 for none
   * @param taskMinutes that a task is to take
   */
  static PartitionPlan of(
      int asked, long rows, double rowsPerSecond, boolean measured, int cores, double taskMinutes) {
    double perCore = rows / rowsPerSecond / cores;
    double even = Math.min(ENOUGH_PER_CORE, Math.max(FEWEST_PER_CORE, perCore / SHORT_SECONDS));
    // Whole turns of all cores: else most of them wait while the last few tasks run.
    double turns = Math.ceil(Math.max(even, perCore / (60 * taskMinutes)));
    double tasks = Math.min(turns * cores, Math.min(rows, MOST_TASKS));
    int settled = asked > 0 ? asked : (int) Math.max(1, tasks);
    return new PartitionPlan(settled, rows, rowsPerSecond, measured, cores);
  }

  /** Rows per second of a task, by the cost of a row alone. */
  static double estimate(double flopsPerRow) {
    return FLOPS_PER_SECOND / Math.max(1, flopsPerRow);
  }

  /** Seconds that scoring takes if no task has to be repeated. */
  double seconds() {
    return rows / (rowsPerSecond * Math.min(cores, tasks));
  }

  /** One line for people. */
  String describe() {
    double taskSeconds = rows / (double) tasks / rowsPerSecond;
    return String.format(
        Locale.ROOT,
        "Plan: %,d rows in %,d tasks of about %s, about %s in all on %d cores (%s rows/s per task, %s)",
        rows,
        tasks,
        Progress.duration(Math.max(1, Math.round(taskSeconds))),
        Progress.duration(Math.max(1, Math.round(seconds()))),
        cores,
        Progress.rate(rowsPerSecond),
        measured ? "measured" : "by the cost of a row");
  }

  /** Tasks that look for duplicates. */
  static int preparing(long bytes, int cores) {
    return (int) Math.min(MOST_TASKS, Math.max(cores, bytes / BYTES_PER_TASK + 1));
  }
}
