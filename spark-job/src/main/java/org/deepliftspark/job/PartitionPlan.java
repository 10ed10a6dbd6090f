package org.deepliftspark.job;

/** How many tasks score how many rows. */
final class PartitionPlan {
  /** Arithmetic that a task is taken to do per second; the order of magnitude is what counts. */
  private static final double FLOPS_PER_SECOND = 20e9;

  /** Long enough for few files, short enough for a lost task to cost little. */
  private static final double SECONDS_PER_TASK = 120;

  /** Tasks per core, so that slow and fast ones even out. */
  private static final int TASKS_PER_CORE = 4;

  private static final int MOST_TASKS = 100_000;

  /** Bytes of sequence that one task of the preparation handles. */
  private static final long BYTES_PER_TASK = 32L << 20;

  private PartitionPlan() {}

  /**
   * Tasks that score.
   *
   * @param asked by the user; 0 for none
   * @param flopsPerRow references and targets included
   * @param cores of the cluster
   */
  static int scoring(int asked, long rows, double flopsPerRow, int cores) {
    if (asked > 0) {
      return asked;
    }
    double byCost = Math.ceil(rows * flopsPerRow / (FLOPS_PER_SECOND * SECONDS_PER_TASK));
    double byCores = (double) TASKS_PER_CORE * cores;
    double tasks = Math.min(Math.max(byCost, byCores), Math.min(rows, MOST_TASKS));
    return (int) Math.max(1, tasks);
  }

  /** Tasks that look for duplicates. */
  static int preparing(long bytes, int cores) {
    return (int) Math.min(MOST_TASKS, Math.max(cores, bytes / BYTES_PER_TASK + 1));
  }
}
