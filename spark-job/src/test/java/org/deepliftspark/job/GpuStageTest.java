package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Executors with GPUs, and only the scoring stage asks for them. */
@Tag("cluster")
@ExtendWith(GpuStageHarness.class)
class GpuStageTest extends JobTestBase {
  private static final String[] SEQUENCES = TestModel.sequences(160, 11);

  @Test
  void theScoringStageAloneTakesGpusWhereTasksPerGpuAreGiven(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", SEQUENCES);
    RunReport report =
        score(spark, input, "--partitions=8", "--tasks-per-gpu=1", "--backend=test-stand-in:gpu");
    assertThat(report.scored()).isEqualTo(SEQUENCES.length);
    assertThat(GpuClusterTest.takeLoads(spark))
        .isEqualTo("gpu 3: engines 1, at once 1, used; gpu 5: engines 1, at once 1, used; ");
  }

  @Test
  void tasksThatAskForNoGpuAreRefusedOne(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", SEQUENCES);
    assertThatThrownBy(() -> score(spark, input, "--backend=test-stand-in:gpu"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Backend 'test-stand-in:gpu' cannot run here: tasks ask for no GPU"
                + " (spark.task.resource.gpu.amount is not set, nor --tasks-per-gpu given)");
  }
}
