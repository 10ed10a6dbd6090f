package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.cli.CommandFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The job's main class as a notebook calls it: in a session that is there and goes on. */
@ExtendWith(SparkHarness.class)
class NotebookTest extends JobTestBase {
  private static final Path MODEL = Path.of("src/main/resources/demo/talgata.keras");

  private void run(Path input) {
    DeepLiftJob.main(
        new String[] {
          "--model",
          MODEL.toString(),
          "--input",
          input.toString(),
          "--target",
          "0",
          "--references",
          "zeros",
          "--output",
          output().toString()
        });
  }

  @Test
  void aCellUsesTheSessionAndLeavesItRunning(SparkSession spark) throws Exception {
    run(fasta("two.fa", "ACGT".repeat(50), "GATA".repeat(50)));
    assertThat(scores(spark).count()).isEqualTo(2);
    assertThat(spark.sparkContext().isStopped()).isFalse();
  }

  @Test
  void aFailureIsOneExceptionWithoutAStackTrace(SparkSession spark) {
    assertThatThrownBy(() -> run(folder.resolve("missing.fa")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("missing.fa")
        .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty())
        .extracting(failure -> ((CommandFailedException) failure).status())
        .isEqualTo(2);
    assertThat(spark.sparkContext().isStopped()).isFalse();
  }
}
