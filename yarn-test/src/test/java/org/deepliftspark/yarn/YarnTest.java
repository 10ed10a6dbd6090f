package org.deepliftspark.yarn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.yarn.SparkHome.Ended;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The job on YARN and HDFS, submitted as README.md tells: its rows are those of a run without a
 * cluster, bit for bit, each once; and what is wrong is told in one line.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class YarnTest {
  private static final int ROWS = 12;
  private static final String MODEL = "--model=hdfs:///models/talgata.keras";

  /** Something that the user can mend, and the line that says so. */
  private enum Mistake {
    OPTION(
        "--modle=hdfs:///models/talgata.keras",
        "deeplift: Unknown option --modle for 'score'. Did you mean --model?"),
    MODEL(
        "--model=hdfs:///models/none.keras",
        "deeplift: Cannot read hdfs:///models/none.keras: no such file");

    private final String option;
    private final String line;

    Mistake(String option, String line) {
      this.option = option;
      this.line = line;
    }

    String[] options() {
      return YarnTest.options(option, "--output=hdfs:///scores/none");
    }
  }

  private static Submissions submissions;
  private static HadoopCluster cluster;
  private static SparkSession spark;
  private static Map<String, List<String>> expected;

  @BeforeAll
  static void start() throws Exception {
    submissions = new Submissions();
    cluster = new HadoopCluster(Submissions.hadoopFolder());
    FileSystem files = cluster.files();
    copy(files, Submissions.demoModel(), "/models/talgata.keras");
    copy(files, Submissions.someSequences(ROWS), "/peaks/some.fa");
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").getOrCreate();
    Path alone = submissions.alone("alone", options(MODEL));
    expected = ScoreRows.byId(spark, alone.toUri().toString());
    assertThat(expected.keySet())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, ROWS).mapToObj(i -> "seq" + i).toList());
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static void copy(FileSystem files, Path from, String to) throws IOException {
    files.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(from.toUri()), new org.apache.hadoop.fs.Path(to));
  }

  private static String[] options(String... more) {
    return Stream.concat(
            Stream.of(
                "--input=hdfs:///peaks",
                "--input-format=fasta",
                "--target=0",
                "--references=dinuc-shuffle:2",
                "--partitions=3"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** The only application of that name, which was tried once. */
  private static ApplicationReport application(String name) {
    List<ApplicationReport> applications = cluster.applications(name);
    assertThat(applications).hasSize(1);
    ApplicationReport report = applications.get(0);
    assertThat(report.getCurrentApplicationAttemptId().getAttemptId()).isOne();
    return report;
  }

  private static void assertScored(String name, Ended ended) throws IOException {
    assertThat(ended.status()).as(ended.log()).isZero();
    assertThat(application(name).getFinalApplicationStatus())
        .isEqualTo(FinalApplicationStatus.SUCCEEDED);
    String output = "/scores/" + name;
    assertThat(ScoreRows.byId(spark, cluster.qualified(output))).isEqualTo(expected);
    assertThat(cluster.files().exists(new org.apache.hadoop.fs.Path(output, "_deeplift/lock")))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "cluster"})
  void allRowsEqualThoseWithoutYarn(String deployMode) throws Exception {
    String[] options = options(MODEL, "--output=hdfs:///scores/" + deployMode);
    assertScored(deployMode, submissions.submit(deployMode, deployMode, options));
  }

  @Test
  void theLauncherSubmitsWithTheSettingsOfAFile() throws Exception {
    String[] options = options(MODEL, "--output=hdfs:///scores/launched");
    assertScored("launched", submissions.launch("launched", List.of(), options));
  }

  @ParameterizedTest
  @EnumSource
  void inClusterModeTheApplicationFailsWithTheLine(Mistake mistake) throws Exception {
    String name = "cluster-" + mistake;
    Ended ended = submissions.submit(name, "cluster", mistake.options());
    assertThat(ended.status()).isOne();
    ApplicationReport report = application(name);
    assertThat(report.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
    assertThat(report.getDiagnostics()).contains(mistake.line);
  }

  @ParameterizedTest
  @EnumSource
  void inClientModeSparkSubmitEndsWithOneExceptionThatHasTheLine(Mistake mistake) throws Exception {
    String name = "client-" + mistake;
    Ended ended = submissions.submit(name, "client", mistake.options());
    assertThat(ended.status()).isOne();
    assertThat(ended.lines()).filteredOn(said -> said.endsWith(mistake.line)).hasSize(1);
    assertThat(ended.log()).doesNotContain("\tat ");
    assertThat(cluster.applications(name)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void inClientModeTheLauncherEndsWithStatus2AndTheLineAlone(Mistake mistake) throws Exception {
    String name = "launched-" + mistake;
    Ended ended = submissions.launch(name, List.of("--deploy-mode", "client"), mistake.options());
    assertThat(ended.lines()).containsExactly(mistake.line);
    assertThat(ended.status()).isEqualTo(2);
    assertThat(cluster.applications(name)).isEmpty();
  }
}
