package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.partition.ExecutableCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The job on executors in JVMs of their own, with speculation, and what may befall them: the rows
 * are those that the engine alone gives, bit for bit, each once. A killed driver is
 * DriverFaultsTest's part.
 */
@Tag("cluster")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(ClusterHarness.class)
class FaultsTest extends JobTestBase {
  private static final int ROWS = 60;
  private static final String[] OPTIONS = {
    "--backend=" + FaultyBackend.NAME, "--partitions=6", "--batch=4", "--mode=resume"
  };

  private final String[] sequences = TestModel.sequences(ROWS, 7);
  private Path input;

  @BeforeEach
  void writeInput() throws Exception {
    input = fasta("in.fa", sequences);
  }

  @AfterEach
  void clearFaults() throws Exception {
    Fault.clear();
  }

  private void assertUndisturbed(SparkSession spark) throws Exception {
    Map<String, Row> rows = scoresById(spark); // fails if an id is there twice
    assertThat(rows).hasSize(ROWS);
    try (DirectScores direct = new DirectScores(model.graph(), "0", FaultyBackend.SOUND)) {
      for (int i = 0; i < ROWS; i++) {
        assertThat(floats(rows.get("s" + i), "contributions"))
            .isEqualTo(direct.contributions("s" + i, sequences[i]));
      }
    }
  }

  /** Says which process it runs in and how many engines that has opened. */
  private static final class EnginesOpened implements MapPartitionsFunction<Long, String> {
    @Override
    public Iterator<String> call(Iterator<Long> rows) throws InterruptedException {
      Thread.sleep(200); // long enough for every executor to get one of the tasks
      return List.of(ProcessHandle.current().pid() + " " + ExecutableCache.instance().opened())
          .iterator();
    }
  }

  /** How many engines each executor has opened since it started, by its process. */
  private static Map<String, Integer> enginesOpened(SparkSession spark) {
    return spark
        .range(0, 32, 1, 32)
        .mapPartitions(new EnginesOpened(), Encoders.STRING())
        .distinct()
        .collectAsList()
        .stream()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(parts -> parts[0], parts -> Integer.parseInt(parts[1])));
  }

  @Test
  void everyExecutorOpensOneEngineAndRowsEqualThoseOfTheEngineAlone(SparkSession spark)
      throws Exception {
    Map<String, Integer> before = enginesOpened(spark);
    RunReport report = score(spark, input, "--partitions=16", "--backend=" + FaultyBackend.SOUND);
    assertThat(report.scored()).isEqualTo(ROWS);
    Map<String, Integer> after = enginesOpened(spark);
    assertThat(after).hasSize(2).doesNotContainKey(Long.toString(ProcessHandle.current().pid()));
    after.forEach(
        (process, opened) -> assertThat(opened).isEqualTo(before.getOrDefault(process, 0) + 1));
    assertUndisturbed(spark);
  }

  @Test
  void anExecutorThatIsKilledCostsNoRow(SparkSession spark) throws Exception {
    Fault.HALT_ONCE.set(output());
    RunReport report = score(spark, input, OPTIONS);
    assertThat(Fault.HALT_ONCE.isMet()).isTrue();
    assertThat(report.scored()).isEqualTo(ROWS);
    assertUndisturbed(spark);
  }

  @Test
  void aTaskThatFailsOnceIsRepeated(SparkSession spark) throws Exception {
    Fault.THROW_ONCE.set(output());
    RunReport report = score(spark, input, OPTIONS);
    assertThat(Fault.THROW_ONCE.isMet()).isTrue();
    assertThat(report.written()).isEqualTo(ROWS);
    assertUndisturbed(spark);
  }

  @Test
  void aTaskThatHangsIsOvertakenByItsCopy(SparkSession spark) throws Exception {
    Fault.HANG_ONCE.set(output());
    RunReport report = score(spark, input, OPTIONS); // would hang for ever without the copy
    assertThat(Fault.HANG_ONCE.isMet()).isTrue();
    assertThat(report.written()).isEqualTo(ROWS);
    assertUndisturbed(spark);
  }

  @Test
  void aJobThatFailsKeepsWhatItFinishedAndIsResumed(SparkSession spark) throws Exception {
    Fault.THROW_ALWAYS.set(output());
    assertThatThrownBy(() -> score(spark, input, OPTIONS))
        .rootCause()
        .hasMessageContaining("a fault of the test");
    long kept = scores(spark).count();
    assertThat(kept).isBetween(1L, ROWS - 1L);
    Fault.clear();
    RunReport report = score(spark, input, OPTIONS);
    assertThat(report.scoredBefore()).isEqualTo(kept);
    assertThat(report.scored()).isEqualTo(ROWS - kept);
    assertUndisturbed(spark);
  }

  @Test
  void aPoisonRowIsRejectedAndCostsNoOther(SparkSession spark) throws Exception {
    Path poisoned = fasta("poison.fa", "CCCCCCCCCCCC", "AACCCCCCCCCC", "CGTCGTCGTCGT", "ACG");
    String[] options = {"--references=zeros", "--max-rejected-fraction=0.5", "--partitions=3"};
    RunReport report = score(spark, TestModel.overflowing(), "overflowing", poisoned, options);
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(Map.of("length", 1L, "result is not finite", 1L));
    assertThat(scoresById(spark)).containsOnlyKeys("s0", "s2");
  }
}
