package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionPlanTest {
  private static final double FLOPS = 2e9;

  @Test
  void fewRowsStillKeepEveryCoreBusy() {
    assertThat(PartitionPlan.scoring(0, 40, FLOPS, 4)).isEqualTo(16);
    assertThat(PartitionPlan.scoring(0, 5, FLOPS, 4)).isEqualTo(5);
    assertThat(PartitionPlan.scoring(0, 1, FLOPS, 64)).isEqualTo(1);
  }

  @Test
  void costlyJobsAreCutIntoTasksOfMinutes() {
    // 10^6 rows of 2 GFLOP at 20 GFLOP/s are 10^5 seconds, in tasks of 120.
    assertThat(PartitionPlan.scoring(0, 1_000_000, FLOPS, 4)).isEqualTo(834);
    assertThat(PartitionPlan.scoring(0, Long.MAX_VALUE / 2, 1e12, 4)).isEqualTo(100_000);
  }

  @Test
  void theUserHasTheLastWord() {
    assertThat(PartitionPlan.scoring(3, 1_000_000, FLOPS, 64)).isEqualTo(3);
  }

  @Test
  void preparationGoesByTheBytesOfTheInput() {
    assertThat(PartitionPlan.preparing(100, 4)).isEqualTo(4);
    assertThat(PartitionPlan.preparing(100L << 30, 4)).isEqualTo(3201);
  }
}
