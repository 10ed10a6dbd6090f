package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionPlanTest {
  /** Tasks of 2 minutes for rows of 2 GFLOP. */
  private static int tasks(int asked, long rows, int cores) {
    double rowsPerSecond = PartitionPlan.estimate(2e9);
    return PartitionPlan.of(asked, rows, rowsPerSecond, false, cores, 2).tasks();
  }

  @Test
  void fewRowsStillKeepEveryCoreBusy() {
    assertThat(tasks(0, 40, 4)).isEqualTo(16);
    assertThat(tasks(0, 5, 4)).isEqualTo(5);
    assertThat(tasks(0, 1, 64)).isEqualTo(1);
  }

  @Test
  void shortJobsAreCutFinelySoThatCoresDoNotWaitForTheLastTask() {
    // A core's share is 40 s, 400 s: tasks of 5 s, then 12 a core.
    assertThat(PartitionPlan.of(0, 1_600, 10, true, 4, 2).tasks()).isEqualTo(32);
    assertThat(PartitionPlan.of(0, 16_000, 10, true, 4, 2).tasks()).isEqualTo(48);
  }

  @Test
  void costlyJobsAreCutIntoTasksOfMinutesInWholeTurnsOfTheCores() {
    // 10^6 rows of 2 GFLOP at 60 GFLOP/s are 33,334 s: 278 tasks of 120 s, 69.4 per core.
    assertThat(tasks(0, 1_000_000, 4)).isEqualTo(280);
    assertThat(PartitionPlan.of(0, 1_000_000, 10, true, 4, 10).tasks()).isEqualTo(168);
    assertThat(tasks(0, Long.MAX_VALUE / 2, 4)).isEqualTo(100_000);
  }

  @Test
  void theUserHasTheLastWord() {
    assertThat(tasks(3, 1_000_000, 64)).isEqualTo(3);
  }

  @Test
  void thePlanSaysHowLongItWillTake() {
    assertThat(PartitionPlan.of(0, 1_200_000, 104, true, 4, 2).describe())
        .isEqualTo(
            "Plan: 1,200,000 rows in 100 tasks of about 1 min 55 s, about 48 min 5 s in all on 4 cores"
                + " (104 rows/s per task, measured)");
    assertThat(PartitionPlan.of(2, 10, 1, false, 4, 2).describe())
        .isEqualTo(
            "Plan: 10 rows in 2 tasks of about 5 s, about 5 s in all on 4 cores (1.00 rows/s per"
                + " task, by the cost of a row)");
  }

  @Test
  void thePlanSaysWhatATaskComputesAtOnce() {
    assertThat(new BatchPlan(32, 312_000, 512L << 20).describe())
        .isEqualTo(
            "Batch size: 32, with 0.312 MB of intermediate values per row; memory per task: 537 MB at"
                + " most");
    assertThat(new BatchPlan(1, 25e6, 0).describe())
        .isEqualTo(
            "Batch size: 1, with 25.0 MB of intermediate values per row; memory per task: auto, the"
                + " backend's own bound");
    assertThat(new BatchPlan(0, 25e6, 0).describe())
        .startsWith("Batch size: as suits the GPU, with 25.0 MB of intermediate values per row");
  }

  @Test
  void preparationGoesByTheBytesOfTheInput() {
    assertThat(PartitionPlan.preparing(100, 4)).isEqualTo(4);
    assertThat(PartitionPlan.preparing(100L << 30, 4)).isEqualTo(3201);
  }
}
