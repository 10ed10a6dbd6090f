package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.partition.ExecutableCache;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The job on executors in JVMs of their own. */
@Tag("cluster")
@ExtendWith(ClusterHarness.class)
class ClusterTest extends JobTestBase {

  /** Says which process it runs in and how many engines that has opened. */
  private static final class EnginesOpened implements MapPartitionsFunction<Long, String> {
    @Override
    public Iterator<String> call(Iterator<Long> rows) throws InterruptedException {
      Thread.sleep(200); // long enough for every executor to get one of the tasks
      return List.of(ProcessHandle.current().pid() + " " + ExecutableCache.instance().opened())
          .iterator();
    }
  }

  @Test
  void everyExecutorOpensOneEngineAndRowsEqualThoseOfTheEngineAlone(SparkSession spark)
      throws Exception {
    String[] sequences = TestModel.sequences(200, 11);
    Path input = fasta("in.fa", sequences);
    RunReport report = score(spark, input, "--partitions=16");
    assertThat(report.scored()).isEqualTo(200);

    List<String> engines =
        spark
            .range(0, 32, 1, 32)
            .mapPartitions(new EnginesOpened(), Encoders.STRING())
            .distinct()
            .collectAsList();
    assertThat(engines).hasSize(2).allMatch(line -> line.endsWith(" 1"));
    assertThat(engines).noneMatch(line -> line.startsWith(ProcessHandle.current().pid() + " "));

    Map<String, Row> rows = scoresById(spark);
    try (DirectScores direct = new DirectScores(model.graph(), "0")) {
      for (int i = 0; i < sequences.length; i++) {
        assertThat(floats(rows.get("s" + i), "contributions"))
            .isEqualTo(direct.contributions("s" + i, sequences[i]));
      }
    }
  }
}
