package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.partition.ExecutableCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Executors with GPUs that a discovery script announces; {@link StandInGpuBackend} computes. */
@Tag("cluster")
@ExtendWith(GpuClusterHarness.class)
class GpuClusterTest extends JobTestBase {
  private static final String[] SEQUENCES = TestModel.sequences(160, 11);

  /** What the executor's stand-ins were asked for since this was asked last. */
  private static final class TakeLoads implements MapPartitionsFunction<Long, String> {
    @Override
    public Iterator<String> call(Iterator<Long> rows) {
      String loads = StandInGpuBackend.loads();
      ExecutableCache.instance().closeIdle();
      StandInGpuBackend.forget();
      return List.of(loads).iterator();
    }
  }

  static String takeLoads(SparkSession spark) {
    return spark
        .range(0, 1, 1, 1)
        .mapPartitions(new TakeLoads(), Encoders.STRING())
        .collectAsList()
        .get(0);
  }

  @AfterEach
  void mend() throws IOException {
    Files.deleteIfExists(GpuClusterHarness.gpus().resolve("3"));
    Files.deleteIfExists(GpuClusterHarness.gpus().resolve("5"));
  }

  /** An executor tries a GPU once per use of it, so a test breaks one for a use of its own. */
  private static void breakGpu(int address) throws IOException {
    Files.writeString(GpuClusterHarness.gpus().resolve(Integer.toString(address)), "");
  }

  private String runJson() throws IOException {
    return Files.readString(output().resolve("_deeplift/run.json"));
  }

  /** The stand-in for a GPU computes by {@code onnx}, the processor by what auto takes there. */
  private void assertScoresAreThoseOfTheEngineAlone(SparkSession spark, Predicate<Row> onGpu) {
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).hasSize(SEQUENCES.length);
    try (DirectScores gpu = new DirectScores(model.graph(), "0", "onnx");
        DirectScores processor = new DirectScores(model.graph(), "0")) {
      for (int i = 0; i < SEQUENCES.length; i++) {
        Row row = rows.get("s" + i);
        DirectScores direct = onGpu.test(row) ? gpu : processor;
        assertThat(floats(row, "contributions"))
            .isEqualTo(direct.contributions("s" + i, SEQUENCES[i]));
      }
    }
  }

  @Test
  void autoTakesTheGpusThatTheExecutorsHaveAndTwoTasksTakeTurnsOnEach(SparkSession spark)
      throws Exception {
    Path input = fasta("in.fa", SEQUENCES);
    takeLoads(spark);
    score(spark, input, "--partitions=8", "--concurrent-gpu-tasks=1");
    assertThat(takeLoads(spark))
        .isEqualTo("gpu 3: engines 1, at once 1, used; gpu 5: engines 1, at once 1, used; ");
    assertThat(runJson())
        .contains("\"backend\" : \"test-stand-in:gpu\"")
        .contains("executor 0, GPU 3", "executor 0, GPU 5");
    assertScoresAreThoseOfTheEngineAlone(spark, row -> true);
  }

  @Test
  void asManyTasksAsAllowedAreOnAGpuAtOnce(SparkSession spark) throws Exception {
    takeLoads(spark);
    score(spark, fasta("in.fa", SEQUENCES), "--partitions=8", "--concurrent-gpu-tasks=2");
    assertThat(takeLoads(spark))
        .contains("gpu 3: engines 1,", "gpu 5: engines 1,", "at once 2")
        .doesNotContain("at once 3", "at once 4");
  }

  @Test
  void autoFallsBackToTheProcessorForTheWholeJobWhereAGpuIsBroken(SparkSession spark)
      throws Exception {
    breakGpu(5);
    score(spark, fasta("in.fa", SEQUENCES), "--partitions=4", "--gpu-memory=1g");
    assertThat(runJson())
        .contains("\"backend\" : \"cpu\"")
        .contains(
            "\"gpus_not_used\" : \"1 of 2 cannot be used: stand-in 5 is broken;"
                + " --allow-mixed-devices uses the others\"");
    assertThat(scores(spark).columns()).doesNotContain("device");
    assertScoresAreThoseOfTheEngineAlone(spark, row -> false);
  }

  @Test
  void mixedDevicesAreNotedInEveryRow(SparkSession spark) throws Exception {
    breakGpu(5);
    Path input = fasta("in.fa", SEQUENCES);
    score(spark, input, "--partitions=8", "--gpu-memory=2g", "--allow-mixed-devices");
    List<String> devices =
        scores(spark).select("device").distinct().as(Encoders.STRING()).collectAsList();
    assertThat(devices).hasSize(2).anyMatch(name -> name.startsWith("cpu ("));
    assertThat(devices).anyMatch(name -> name.startsWith("test-stand-in:gpu 3 ("));
    assertScoresAreThoseOfTheEngineAlone(
        spark, row -> row.<String>getAs("device").startsWith("test-stand-in:gpu"));
  }

  @Test
  void aGpuThatWasAskedForAndIsBrokenStopsTheJobBeforeItReadsTheInput(SparkSession spark)
      throws Exception {
    breakGpu(3);
    Path input = fasta("in.fa", SEQUENCES);
    assertThatThrownBy(() -> score(spark, input, "--backend=test-stand-in:gpu", "--gpu-memory=3g"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            "Backend 'test-stand-in:gpu' cannot run here: stand-in 3 is broken \\(executor 0; 1 of"
                + " [12] GPUs\\)");
    assertThat(output()).doesNotExist();
  }

  @Test
  void cudaThatThisBuildLacksStopsTheJobBeforeItReadsTheInput(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", SEQUENCES);
    assertThatThrownBy(() -> score(spark, input, "--backend=onnx:cuda"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Backend 'onnx:cuda' cannot run here: this build has ONNX Runtime without CUDA; build it"
                + " with -Pgpu (docs/gpu.md)");
    assertThat(output()).doesNotExist();
  }

  @Test
  void aResumedRunStaysOnTheBackendThatItBeganOn(SparkSession spark) throws Exception {
    Path half = fasta("half.fa", Arrays.copyOf(SEQUENCES, 80));
    score(spark, half, "--backend=onnx", "--partitions=4");
    score(spark, fasta("in.fa", SEQUENCES), "--mode=resume", "--partitions=4");
    assertThat(runJson())
        .contains("\"asked\" : \"auto\"")
        .contains("\"backend\" : \"onnx\"")
        .doesNotContain("gpus_not_used");
    assertScoresAreThoseOfTheEngineAlone(spark, row -> true); // of onnx
  }
}
