package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.cli.CommandName;
import org.deepliftspark.job.cli.Option;
import org.deepliftspark.job.cli.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A run that goes on where another ended. That a run was really killed is DriverFaultsTest's part.
 */
@ExtendWith(SparkHarness.class)
class ResumeTest extends JobTestBase {
  private static final String RESUME = "--mode=resume";

  private final String[] sequences = TestModel.sequences(40, 3);

  /** What an undisturbed run gives. */
  private Dataset<Row> undisturbed(SparkSession spark, Path input, String... more)
      throws IOException {
    Path whole = folder.resolve("whole");
    String[] options =
        Stream.concat(Stream.of("--output=" + whole), Arrays.stream(more)).toArray(String[]::new);
    score(spark, input, options);
    return spark.read().parquet(whole.toString());
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.walk(output())) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private JsonNode runJson() throws IOException {
    return new ObjectMapper().readTree(output().resolve("_deeplift/run.json").toFile());
  }

  /** Takes away what a killed run would not have reached. */
  private void forget(Path... files) throws IOException {
    for (Path file : files) {
      Files.delete(file);
    }
    assertThat(runJson().path("status").asText()).isEqualTo("done");
    editRecord(text -> text.replace("\"done\"", "\"running\""));
  }

  @Test
  void anOutputThatIsNotThereIsStarted(SparkSession spark) throws Exception {
    assertThat(score(spark, fasta("in.fa", sequences), RESUME).scored()).isEqualTo(40);
    assertThat(scoresById(spark)).hasSize(40);
    assertThat(runJson().path("status").asText()).isEqualTo("done");
  }

  @Test
  void onlyWhatIsMissingIsScoredAndTheRowsAreThoseOfAnUndisturbedRun(
      SparkSession spark, SparkHarness harness) throws Exception {
    Path input = fasta("in.fa", sequences);
    score(spark, input, "--partitions=5");
    List<Path> parts = parts();
    assertThat(parts).hasSize(5);
    long lost = spark.read().parquet(parts.get(1).toString(), parts.get(3).toString()).count();
    forget(parts.get(1), parts.get(3));
    RunReport report = score(spark, input, RESUME);
    assertThat(report.scored()).isEqualTo(lost).isPositive();
    assertThat(report.scoredBefore()).isEqualTo(40 - lost);
    assertThat(report.rejected()).isEmpty();
    harness.assertSameRows(undisturbed(spark, input), scores(spark));
  }

  @Test
  void aFinishedRunIsNotRepeated(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", sequences);
    score(spark, input);
    List<Path> before = parts();
    int jobs = spark.sparkContext().statusTracker().getJobIdsForGroup(null).length;
    RunReport report = score(spark, input, RESUME);
    assertThat(spark.sparkContext().statusTracker().getJobIdsForGroup(null)).hasSize(jobs);
    assertThat(parts()).isEqualTo(before);
    assertThat(report.scored()).isZero();
    assertThat(report.scoredBefore()).isEqualTo(40);
    assertThat(report.rejectedFraction()).isZero();
  }

  @Test
  void everyNightOnlyNewRowsOfAGrowingTableAreScored(SparkSession spark, SparkHarness harness)
      throws Exception {
    Path table = folder.resolve("table");
    String[] options = {"--id-col=name", "--keep-cols=batch", RESUME};
    long scored = 0;
    for (int night = 0; night < 3; night++) {
      addToTable(spark, table, night);
      List<Path> before = night == 0 ? List.of() : parts();
      RunReport report = score(spark, table, options);
      assertThat(report.scored()).isEqualTo(10);
      assertThat(report.scoredBefore()).isEqualTo(scored);
      assertThat(parts()).containsAll(before).hasSizeGreaterThan(before.size());
      scored += report.scored();
    }
    harness.assertSameRows(
        undisturbed(spark, table, "--id-col=name", "--keep-cols=batch"), scores(spark));
    assertThat(runJson().path("history"))
        .extracting(run -> run.path("scored").asLong())
        .containsExactly(10L, 10L);
  }

  private void addToTable(SparkSession spark, Path table, int night) {
    List<String> rows =
        Stream.iterate(night * 10, i -> i + 1)
            .limit(10)
            .map(
                i ->
                    "{\"name\":\"r"
                        + i
                        + "\",\"seq\":\""
                        + sequences[i]
                        + "\",\"batch\":"
                        + night
                        + "}")
            .toList();
    spark
        .read()
        .json(spark.createDataset(rows, org.apache.spark.sql.Encoders.STRING()))
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(table.toString());
  }

  @Test
  void ofARowThatHasSomeTargetsTheOthersAreScored(SparkSession spark, SparkHarness harness)
      throws Exception {
    Path input = fasta("in.fa", sequences);
    String[] options = {"--target=all", "--partition-by=target", "--partitions=2"};
    score(spark, input, options);
    Path lost =
        parts().stream().filter(p -> p.toString().contains("1/part-00000")).findFirst().get();
    long rows = spark.read().parquet(lost.toString()).count();
    forget(lost);
    RunReport report =
        score(spark, input, "--target=all", "--partition-by=target", "--partitions=3", RESUME);
    assertThat(report.scored()).isEqualTo(rows).isBetween(1L, 39L);
    assertThat(report.written()).isEqualTo(rows);
    harness.assertSameRows(undisturbed(spark, input, options), scores(spark));
  }

  /** Option that differs, and what the message says of it. */
  private static final Map<String, String> OTHER_WAYS =
      Map.of(
          "--target=1",
          "--target: expected [\"0\"] (_deeplift/run.json), found [\"1\"]",
          "--references=zeros",
          "--references: expected dinuc-shuffle:20 (_deeplift/run.json), found zeros",
          "--method=gradient",
          "--method: expected rescale (_deeplift/run.json), found gradient",
          "--layout=full",
          "--layout: expected observed (_deeplift/run.json), found full",
          "--hypothetical",
          "--hypothetical: expected false (_deeplift/run.json), found true",
          "--max-delta=0.1",
          "--max-delta: expected not given (_deeplift/run.json), found 0.1",
          "--backend=nd4j",
          "--backend: expected onnx (_deeplift/run.json), found nd4j");

  @Test
  void anotherWayOfScoringIsRefused(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "ACGTACGTACGT");
    score(spark, input, "--backend=onnx");
    OTHER_WAYS.forEach(
        (option, message) ->
            assertThatThrownBy(() -> score(spark, input, RESUME, option))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                    "Cannot add to "
                        + output()
                        + ": its scores were made with another "
                        + message
                        + ". Give the same, or another --output"));
  }

  @Test
  void anotherModelIsRefusedAndOptionsThatChangeNoRowAreNot(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", sequences));
    Path more = fasta("more.fa", TestModel.sequences(45, 3));
    assertThatThrownBy(() -> score(spark, model.graph(), "another", more, RESUME))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "another --model: expected the SHA-256 "
                + TestModel.HASH
                + " (_deeplift/run.json), found the SHA-256 another");
    String[] harmless = {
      RESUME, "--partitions=1", "--batch=3", "--compression=snappy", "--rows-per-file=2"
    };
    assertThat(score(spark, more, harmless).scored()).isEqualTo(5);
  }

  @Test
  void aListIsTheSameHoweverItIsWritten(SparkSession spark) throws Exception {
    Path table = folder.resolve("table");
    addToTable(spark, table, 0);
    score(
        spark,
        table,
        "--id-col=name",
        "--keep-cols=batch,seq",
        "--partition-by=batch,target",
        "--preprocessing-mean=0.5,1,2");
    String[] folders = {
      "--partition-by", "batch", "target", "--preprocessing-mean", "0.50", "1.0,2"
    };
    String[] others = {"--id-col=name", "--keep-cols", "batch", "seq", RESUME};
    addToTable(spark, table, 1);
    assertThat(
            score(
                    spark,
                    table,
                    Stream.of(folders, others).flatMap(Arrays::stream).toArray(String[]::new))
                .scored())
        .isEqualTo(10);
    assertThatThrownBy(
            () ->
                score(
                    spark,
                    table,
                    "--id-col=name",
                    "--keep-cols=seq,batch", // their order is in the ids of rows without names
                    "--partition-by=batch, target",
                    "--preprocessing-mean=0.5,1,2",
                    RESUME))
        .hasMessageContaining(
            "another --keep-cols: expected [\"batch\",\"seq\"] (_deeplift/run.json), found"
                + " [\"seq,batch\"].");
  }

  @Test
  void namedValuesAreTheSameInAnyOrder() {
    assertThat(OptionText.comparable("lambda", List.of("a=reverse(1,2)", "b=f")))
        .isEqualTo(OptionText.comparable("lambda", List.of("b=g", "a=reverse(1,2)", "b=f")))
        .isNotEqualTo(OptionText.comparable("lambda", List.of("b=f", "a=reverse(1)")));
    assertThat(OptionText.comparable("sequence-col", List.of("dna=x", "atac=y")))
        .isEqualTo(OptionText.comparable("sequence-col", List.of("atac=y", "dna=x")));
    assertThat(OptionText.comparable("keep-cols", null)).isEqualTo("not given");
    assertThat(OptionText.comparable("seed", "1")).isEqualTo("1");
  }

  @Test
  void optionsThatMayDifferAreOptions() {
    List<String> keys =
        Options.of(CommandName.SCORE).stream().map((Option<?> option) -> option.key()).toList();
    assertThat(keys).containsAll(RunRecord.FREE);
  }

  @Test
  void rejectedRowsAreKeptOnceAndRowsWithoutAFiniteResultAreNotScoredAgain(SparkSession spark)
      throws Exception {
    Path inputs = Files.createDirectory(folder.resolve("inputs"));
    Files.writeString(
        inputs.resolve("a.fa"), ">good\nCCCCCCCCCCCC\n>overflow\nAACCCCCCCCCC\n>short\nACG\n");
    String[] options = {"--references=zeros", "--max-rejected-fraction=1", RESUME};
    RunReport first = score(spark, TestModel.overflowing(), "overflowing", inputs, options);
    assertThat(first.rejected())
        .containsExactlyInAnyOrderEntriesOf(Map.of("length", 1L, "result is not finite", 1L));
    Files.writeString(inputs.resolve("b.fa"), ">more\nCGTCGTCGTCGT\n>long\nACGTACGTACGTA\n");
    RunReport second = score(spark, TestModel.overflowing(), "overflowing", inputs, options);
    assertThat(second.scored()).isEqualTo(1);
    assertThat(second.scoredBefore()).isEqualTo(2);
    assertThat(rejected(spark).select("id").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("short", "overflow", "long");
    assertThat(scoresById(spark)).containsOnlyKeys("good", "more");
  }

  @Test
  void scoresThatNothingSaysHowTheyWereMadeAreNotAddedTo(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "ACGTACGTACGT");
    score(spark, input);
    Path json = output().resolve("_deeplift/run.json");
    Files.delete(json);
    Files.writeString(json, "{");
    Files.deleteIfExists(json.resolveSibling(".run.json.crc"));
    assertThatThrownBy(() -> score(spark, input, RESUME))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Cannot resume " + output() + ": no _deeplift/run.json that can be read says how");
  }
}
