package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.cli.ScoreOptions;
import org.deepliftspark.job.io.Connectors;
import org.deepliftspark.job.scores.Tables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Scores in tables of Delta Lake and Iceberg, by their own connectors. */
@Tag("cluster")
@ExtendWith(LakeHarness.class)
class LakeTableTest extends JobTestBase {
  /** Eight tasks to a round on two cores. */
  private static final String THREE_ROUNDS = "--partitions=20";

  private final String[] sequences = TestModel.sequences(40, 5);

  private static String[] with(OutputFormat format, String... more) {
    return Stream.concat(Stream.of("--output-format=" + format.key()), Arrays.stream(more))
        .toArray(String[]::new);
  }

  private Dataset<Row> table(SparkSession spark, OutputFormat format) {
    return spark.read().format(format.key()).load(output().toString());
  }

  private Dataset<Row> partFiles(SparkSession spark, Path input, String... more)
      throws IOException {
    Path folderOfFiles = folder.resolve("files");
    List<String> options = new ArrayList<>(List.of("--output=" + folderOfFiles));
    options.addAll(List.of(more));
    score(spark, input, options.toArray(String[]::new));
    return spark.read().parquet(folderOfFiles.toString());
  }

  private static void assertSame(SparkHarness harness, Dataset<Row> expected, Dataset<Row> found) {
    String[] columns = expected.columns();
    assertThat(found.columns()).containsExactlyInAnyOrder(columns);
    // Iceberg says of fewer columns that they hold no nulls
    Dataset<Row> inOrder = found.selectExpr(columns);
    harness.assertSameRows(
        expected, found.sparkSession().createDataFrame(inOrder.javaRDD(), expected.schema()));
  }

  private JsonNode runJson() throws IOException {
    return new ObjectMapper().readTree(output().resolve("_deeplift/run.json").toFile());
  }

  /** Runs a job whose driver fails as soon as it says something. */
  private void failAt(SparkSession spark, String words, Path input, String... more) {
    PrintStream fragile =
        new PrintStream(OutputStream.nullOutputStream()) {
          @Override
          public void println(String line) {
            if (line.contains(words)) {
              throw new IllegalStateException("the driver died");
            }
          }
        };
    List<String> args = new ArrayList<>(List.of("--model=tiny", "--target=0", "--input=" + input));
    args.add("--output=" + output());
    args.addAll(List.of(more));
    assertThatThrownBy(
            () ->
                ScoreJob.run(
                    spark,
                    List.of(new LoadedModel(model.graph(), TestModel.HASH)),
                    ScoreOptions.parse(args),
                    fragile,
                    fragile))
        .hasMessageContaining("the driver died");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PARQUET")
  void aJobThatEndsBetweenRoundsKeepsThemAndIsResumed(
      OutputFormat format, SparkSession spark, SparkHarness harness) throws Exception {
    Path input = fasta("in.fa", sequences);
    String[] options = with(format, THREE_ROUNDS, "--mode=resume");
    failAt(spark, "Round 2 of 3", input, options);
    long kept = table(spark, format).count();
    assertThat(kept).isBetween(2L, 38L);
    assertThat(runJson().path("status").asText()).isEqualTo("running");
    RunReport report = score(spark, input, options);
    assertThat(report.scoredBefore()).isEqualTo(kept);
    assertThat(report.scored()).isEqualTo(40 - kept);
    assertThat(report.rejected()).isEmpty();
    assertSame(harness, partFiles(spark, input), table(spark, format));
    assertThat(score(spark, input, options).scored()).isZero();
    // what comes after scoring finds the table by itself
    assertThat(Tables.read(spark, output().toString(), "scores").count()).isEqualTo(40);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PARQUET")
  void tablesInFoldersAreAddedToAndReplaced(
      OutputFormat format, SparkSession spark, SparkHarness harness) throws Exception {
    Path input = fasta("in.fa", sequences);
    String folders = "--partition-by=model_sha256,target";
    score(spark, input, with(format, folders, "--compression=snappy"));
    RunReport added = score(spark, input, with(format, folders, "--mode=append", "--target=1"));
    assertThat(added.written()).isEqualTo(40);
    assertSame(
        harness,
        partFiles(spark, input, "--target=0", "--target=1"),
        table(spark, format).drop("model_sha256"));
    assertThatThrownBy(() -> score(spark, input, with(format, folders)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write to " + output() + ": it exists already.");
    Path other = fasta("other.fa", TestModel.sequences(3, 9));
    String[] columns = {"--hypothetical", "--partition-by=target", "--mode=overwrite"};
    RunReport replaced =
        score(
            spark,
            other,
            Stream.of(with(format, THREE_ROUNDS), columns)
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
    assertThat(replaced.written()).isEqualTo(3);
    assertThat(table(spark, format).select("id", "hypothetical").collectAsList()).hasSize(3);
    assertThat(runJson().path("table").path("format").asText()).isEqualTo(format.key());
  }

  /** Calls something as soon as a job has said how it will score. */
  private static PrintStream whenPlanned(Runnable action) {
    return new PrintStream(OutputStream.nullOutputStream()) {
      @Override
      public void println(String line) {
        if (line.contains("Batch size")) {
          action.run();
        }
      }
    };
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PARQUET")
  void anOverwriteThatDiesLeavesTheRecordOfTheScoresThatAreThere(
      OutputFormat format, SparkSession spark) throws Exception {
    Path input = fasta("in.fa", sequences);
    score(spark, input, with(format));
    String[] resume = with(format, "--mode=resume");
    String[] other = with(format, "--mode=resume", "--seed=7");
    // before the table's commit
    failAt(spark, "Batch size", input, with(format, "--mode=overwrite", "--seed=7"));
    Path next = output().resolve("_deeplift/replacing.json");
    assertThat(next).exists();
    assertThatThrownBy(() -> score(spark, input, other))
        .hasMessageContaining("another --seed: expected 1 (_deeplift/run.json), found 7");
    assertThat(score(spark, input, resume).scoredBefore()).isEqualTo(40);
    assertThat(next).doesNotExist();
    // between the table's commit and the record of it
    AtomicReference<String> announced = new AtomicReference<>();
    Path json = output().resolve("_deeplift/run.json");
    String old = Files.readString(json);
    PrintStream watched =
        whenPlanned(
            () -> {
              try {
                announced.set(Files.readString(next));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    List<String> args = new ArrayList<>(List.of("--model=tiny", "--target=0", "--input=" + input));
    args.addAll(List.of("--output=" + output(), "--seed=7", "--mode=overwrite"));
    args.addAll(List.of(with(format)));
    LoadedModel tiny = new LoadedModel(model.graph(), TestModel.HASH);
    ScoreJob.run(spark, List.of(tiny), ScoreOptions.parse(args), stream(out), watched);
    assertThat(next).doesNotExist();
    editRecord(text -> old);
    Files.writeString(next, announced.get());
    assertThatThrownBy(() -> score(spark, input, resume))
        .hasMessageContaining("another --seed: expected 7 (_deeplift/run.json), found 1");
    RunReport report = score(spark, input, other);
    assertThat(report.scored()).isZero();
    assertThat(report.scoredBefore()).isEqualTo(40);
    assertThat(runJson().path("status").asText()).isEqualTo("done");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PARQUET")
  void rejectedRowsLieBesideTheTableAndTablesAreInputs(OutputFormat format, SparkSession spark)
      throws Exception {
    Path lake = folder.resolve("lake");
    Dataset<Row> rows =
        spark.createDataFrame(
            List.of(
                RowFactory.create("good", "CCCCCCCCCCCC"),
                RowFactory.create("overflow", "AACCCCCCCCCC"),
                RowFactory.create("short", "ACG")),
            new StructType()
                .add("name", DataTypes.StringType)
                .add("sequence", DataTypes.StringType));
    if (format == OutputFormat.DELTA) {
      rows.write().format(format.key()).save(lake.toString());
    } else {
      String catalog = Connectors.icebergCatalog(spark, folder.toString());
      rows.writeTo(catalog + ".lake").using(format.key()).create();
    }
    String[] options =
        with(format, "--id-col=name", "--references=zeros", "--max-rejected-fraction=1");
    RunReport report = score(spark, TestModel.overflowing(), "overflowing", lake, options);
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(Map.of("length", 1L, "result is not finite", 1L));
    assertThat(byId(table(spark, format))).containsOnlyKeys("good");
    assertThat(rejected(spark).count()).isEqualTo(2);
  }

  /** A table of two columns, written without a job. */
  private DeltaTable delta(SparkSession spark, boolean there, RunRecord before, long now) {
    JobOptions.Output options =
        ScoreOptions.parse(
                List.of(
                    "--model=m",
                    "--input=i",
                    "--mode=resume",
                    "--output-format=delta",
                    "--output=" + output()))
            .output();
    ScoreTable columns = new ScoreTable(rows(spark).schema(), options, "hash", LocalDate.EPOCH);
    return new DeltaTable(spark, columns, options, output().toString(), there, "run", before, now);
  }

  private static Dataset<Row> rows(SparkSession spark, String... ids) {
    List<Row> rows = Arrays.stream(ids).map(id -> RowFactory.create(id, "0")).toList();
    return spark.createDataFrame(
        rows, new StructType().add("id", DataTypes.StringType).add("target", DataTypes.StringType));
  }

  private static RunRecord record(DeltaTable table) {
    return new RunRecord(new ObjectMapper().valueToTree(Map.of("table", table.notes())));
  }

  private List<String> ids(SparkSession spark) {
    return table(spark, OutputFormat.DELTA).select("id").collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @Test
  void aRoundThatIsWrittenAgainIsThereOnce(SparkSession spark) {
    DeltaTable table = delta(spark, false, null, 1);
    table.write(rows(spark, "a", "b"), 0);
    table.write(rows(spark, "a", "b"), 0);
    table.write(rows(spark, "c"), 1);
    table.write(rows(spark, "c"), 1);
    assertThat(ids(spark)).containsExactly("a", "b", "c");
  }

  @Test
  void aRunThatWasTakenForDeadAddsNothingOnceTheNextHasBegun(SparkSession spark) {
    DeltaTable dead = delta(spark, false, null, 1);
    dead.write(rows(spark, "a"), 0);
    DeltaTable next = delta(spark, true, record(dead), 2);
    next.fence();
    dead.write(rows(spark, "b"), 1);
    assertThat(ids(spark)).containsExactly("a");
    next.write(rows(spark, "b"), 0);
    assertThat(ids(spark)).containsExactly("a", "b");
    // and one whose clock is behind
    DeltaTable third = delta(spark, true, record(next), 0);
    third.fence();
    third.write(rows(spark, "c"), 0);
    next.write(rows(spark, "d"), 1);
    assertThat(ids(spark)).containsExactly("a", "b", "c");
  }

  @Test
  void anotherFormatThanThatOfTheOutputIsRefused(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", sequences[0]);
    score(spark, input, "--output-format=delta");
    for (String mode : List.of("resume", "append", "overwrite")) {
      assertThatThrownBy(() -> score(spark, input, "--mode=" + mode))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot write to "
                  + output()
                  + ": it holds a Delta table, found --output-format parquet. Give"
                  + " --output-format delta, or another --output");
    }
    assertThatThrownBy(
            () -> score(spark, input, "--output-format=iceberg", "--rows-per-file=3", "--output=o"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --rows-per-file: Iceberg cuts files by their size (the table's property"
                + " write.target-file-size-bytes); leave it out");
    assertThat(Path.of("o")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PARQUET")
  void withoutItsConnectorOneLineNamesThePackage(OutputFormat format, SparkSession spark)
      throws Exception {
    Path input = fasta("in.fa", sequences[0]);
    Path lake = Files.createDirectories(folder.resolve("lake"));
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new ClassLoader(loader) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            return Collections.enumeration(
                Collections.list(super.getResources(name)).stream()
                    .filter(url -> !url.getPath().matches(".*/(delta|iceberg)-spark.*"))
                    .toList());
          }
        });
    String needed =
        ": its connector is not on Spark's class path; give spark-submit, or scripts/deeplift behind"
            + " \"--\", the option --packages ";
    try {
      assertThatThrownBy(() -> score(spark, input, with(format)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Invalid --output-format " + format.key() + needed)
          .hasMessageContaining(format == OutputFormat.DELTA ? "io.delta:delta-spark_" : "iceberg");
      assertThatThrownBy(() -> score(spark, lake, "--input-format=" + format.key()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Cannot read " + lake + " as " + format.key() + needed);
    } finally {
      thread.setContextClassLoader(loader);
    }
    assertThat(output()).doesNotExist();
  }
}
