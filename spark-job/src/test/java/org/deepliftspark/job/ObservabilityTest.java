package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.cli.ScoreOptions;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.GraphHandles;
import org.deepliftspark.job.partition.RowCodec;
import org.deepliftspark.job.partition.RowInputs;
import org.deepliftspark.job.partition.ScoreMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be seen of a job while it runs and afterwards. */
@ExtendWith(SparkHarness.class)
class ObservabilityTest extends JobTestBase {

  /** Tells a task of this JVM what the listener counts. */
  private static volatile LongSupplier seen;

  @Test
  void theJobSaysItsPlanBeforeItScores(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", TestModel.sequences(11, 1));
    score(spark, input, "--partitions=3", "--batch=7", "--memory-per-task=2m");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .containsSubsequence(
            "Plan: 11 rows in 3 tasks of about 1 s, about 1 s in all on 2 cores",
            "Batch size: 7, with ",
            " MB of intermediate values per row; memory per task: 2.10 MB at most");
    err.reset();
    score(spark, input, "--mode=overwrite");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .containsPattern("Batch size: [1-9]\\d*, with .*; memory per task: auto");
  }

  @Test
  void runJsonSaysWhereTheTimeOfTheTasksWent(SparkSession spark) throws Exception {
    RunReport report = score(spark, fasta("in.fa", TestModel.sequences(30, 1)));
    JsonNode json = new ObjectMapper().readTree(output().resolve("_deeplift/run.json").toFile());
    assertThat(json.path("task_seconds").fieldNames())
        .toIterable()
        .containsExactly("encode", "forward_and_backward", "output_rows", "write");
    assertThat(report.taskSeconds().values()).allMatch(seconds -> seconds > 0);
    assertThat(json.path("input").path("files").asInt()).isEqualTo(1);
    assertThat(json.path("options").path("task-minutes").asText()).isEqualTo("2");
  }

  @Test
  void sparksJobsSayWhatTheyAreFor(SparkSession spark) throws Exception {
    ConcurrentLinkedQueue<String> descriptions = new ConcurrentLinkedQueue<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            descriptions.add(start.properties().getProperty("spark.job.description", "none"));
          }
        };
    spark.sparkContext().addSparkListener(listener);
    score(spark, fasta("in.fa", TestModel.sequences(7, 1)));
    spark.sparkContext().removeSparkListener(listener);
    assertThat(descriptions)
        .contains("deeplift: checking the input", "deeplift: scoring 7 rows to " + output())
        .doesNotContain("none");
    assertThat(spark.sparkContext().getLocalProperty("spark.job.description")).isNull();
  }

  @Test
  void thePluginGivesWhatThisProcessHasDone(SparkSession spark) throws Exception {
    MetricRegistry registry = new MetricRegistry();
    DeepLiftPlugin.register(registry);
    long rows = gauge(registry, "rows").longValue();
    long pairs = gauge(registry, "pairs").longValue();
    double engine = gauge(registry, "forward_and_backward_seconds").doubleValue();
    score(spark, fasta("in.fa", TestModel.sequences(11, 1)));
    assertThat(gauge(registry, "rows").longValue()).isEqualTo(rows + 11);
    assertThat(gauge(registry, "pairs").longValue()).isEqualTo(pairs + 11 * 20);
    assertThat(gauge(registry, "forward_and_backward_seconds").doubleValue()).isGreaterThan(engine);
    assertThat(gauge(registry, "peak_resident_bytes").longValue()).isGreaterThan(50L << 20);
    assertThat(new DeepLiftPlugin().executorPlugin()).isNotNull();
  }

  private static Number gauge(MetricRegistry registry, String name) {
    return (Number) registry.getGauges().get(name).getValue();
  }

  /** Counts rows and goes on, or fails, only when the driver has seen them. */
  private record CountsAndWaits(LongAccumulator rows, boolean fails)
      implements MapPartitionsFunction<Long, Long> {
    @Override
    public Iterator<Long> call(Iterator<Long> task) throws InterruptedException {
      rows.add(7);
      for (int tries = 0; tries < 600 && seen.getAsLong() != 7; tries++) {
        Thread.sleep(50);
      }
      if (fails) {
        throw new IllegalStateException("a task that fails");
      }
      return List.of(seen.getAsLong()).iterator();
    }
  }

  private long runTask(SparkSession spark, boolean fails, LiveRows live, LongAccumulator rows) {
    seen = live::count;
    spark.sparkContext().addSparkListener(live);
    try {
      return spark
          .range(0, 1, 1, 1)
          .mapPartitions(new CountsAndWaits(rows, fails), Encoders.LONG())
          .first();
    } finally {
      spark.sparkContext().removeSparkListener(live);
    }
  }

  @Test
  void rowsOfARunningTaskAreSeenAndThoseOfAFailedOneForgotten(SparkSession spark) {
    LongAccumulator rows = spark.sparkContext().longAccumulator("rows");
    LiveRows live = new LiveRows(rows);
    assertThat(runTask(spark, false, live, rows)).isEqualTo(7);
    assertThat(rows.value()).isEqualTo(7);

    LongAccumulator lost = spark.sparkContext().longAccumulator("lost");
    LiveRows failed = new LiveRows(lost);
    assertThatThrownBy(() -> runTask(spark, true, failed, lost))
        .hasMessageContaining("a task that fails");
    assertThat(lost.value()).isZero();
  }

  @Test
  void calibrationMeasuresHowFastATaskIs(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", TestModel.sequences(40, 1));
    JobOptions options =
        ScoreOptions.parse(
            List.of("--model=tiny", "--target=0", "--input=" + input, "--output=" + output()));
    HadoopFiles hadoop = new HadoopFiles(new Configuration());
    JobPlan plan =
        JobPlan.of(
            List.of(new LoadedModel(model.graph(), TestModel.HASH)), options, hadoop, path -> null);
    SequenceSource source =
        SequenceSource.open(spark, hadoop, options.input().source(), plan.graph().inputs());
    RowInputs inputs = plan.rowInputs(source);
    RowCodec codec =
        new RowCodec(
            0,
            plan.targets(),
            plan.spec().inputs(),
            inputs,
            Layout.OBSERVED,
            false,
            Encoding.ARRAY,
            1,
            false,
            null,
            false);
    ScoreMetrics metrics = ScoreMetrics.of(spark.sparkContext());
    long start = System.nanoTime();
    try (PreparedRows rows = PreparedRows.of(source, plan, false, null, 1, false, 2);
        GraphHandles graphs = GraphHandles.broadcast(spark, plan.graphs())) {
      AttributionFunction function =
          new AttributionFunction(
              graphs.all(),
              plan.on(BackendChoice.onProcessor(plan, plan.options())).specs(),
              codec,
              0,
              metrics);
      double speed = Calibration.rowsPerSecond(spark, rows.valid(), function, 2, 2);
      double seconds = (System.nanoTime() - start) / 1e9;
      assertThat(speed).isPositive();
      // Two tasks of two seconds, less their first batches.
      assertThat(metrics.rows().value())
          .isGreaterThan((long) speed)
          .isLessThan((long) (speed * 2 * seconds));
    }
  }

  @Test
  void measuringTakesAHundredthOfAJobAtMost() {
    assertThat(Calibration.seconds(399)).isZero();
    assertThat(Calibration.seconds(600)).isEqualTo(3);
    assertThat(Calibration.seconds(86_400)).isEqualTo(5);
  }

  @Test
  void aModelThatDoesNotFitIntoTheMemoryOfATaskIsRefused(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", TestModel.sequences(2, 1));
    assertThatThrownBy(() -> score(spark, input, "--memory-per-task=1k"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Invalid --memory-per-task: 0.00102 MB for a model, but the values of one row")
        .hasMessageEndingWith("in tiny; give at least that for each model, or auto");
    assertThat(score(spark, input, "--memory-per-task=1m").scored()).isEqualTo(2);
  }

  @Test
  void logLinesCanBeReadByMachines() {
    assertThat(RunLog.line("planned", "r1", "tasks", 96, "output", "my \"own\" scores", "note", ""))
        .isEqualTo("event=planned run=r1 tasks=96 output=\"my \\\"own\\\" scores\" note=\"\"");
  }
}
