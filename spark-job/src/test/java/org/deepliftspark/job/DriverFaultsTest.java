package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.cli.ScoreOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The driver is killed or interrupted, and the job resumed: no row is lost, none is there twice.
 */
@ExtendWith(SparkHarness.class)
class DriverFaultsTest extends JobTestBase {
  private static final String MODEL = "src/main/resources/demo/talgata.keras";
  private static final int ROWS = 320;
  private static final int TASKS = 32;

  private List<String> options(Path input, String... more) {
    List<String> options =
        new ArrayList<>(List.of("--model=" + MODEL, "--input=" + input, "--target=0"));
    options.addAll(
        List.of("--partitions=" + TASKS, "--mode=resume", "--references=dinuc-shuffle:4"));
    options.addAll(List.of(more));
    return options;
  }

  private ChildJob start(String name, Path to, List<String> options) throws IOException {
    return ChildJob.start(to, folder.resolve(name + ".log"), options);
  }

  /** Runs a job in this JVM. */
  private RunReport scoreHere(Path to, List<String> options) throws IOException {
    List<String> args = new ArrayList<>(options);
    args.add("--output=" + to);
    return ScoreJob.run(ScoreOptions.parse(args), stream(out), stream(out));
  }

  private Path input() throws IOException {
    Random random = new Random(5);
    String[] sequences = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      StringBuilder letters = new StringBuilder();
      random.ints(200, 0, 4).forEach(letter -> letters.append("ACGT".charAt(letter)));
      sequences[i] = letters.toString();
    }
    return fasta("in.fa", sequences);
  }

  @Test
  void aDriverThatIsKilledThreeTimesLosesNothingAndWritesNothingTwice(
      SparkSession spark, SparkHarness harness) throws Exception {
    Path input = input();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    System.out.println("kills by seed " + seed);
    for (int kill = 1; kill <= 3; kill++) {
      // The later files are those of the rows that are left; a quarter of the tasks is never
      // reached.
      int files = ChildJob.files(output()) + 1 + random.nextInt(TASKS / 4);
      try (ChildJob job = start("kill-" + kill, output(), options(input))) {
        job.awaitFiles(files);
        Thread.sleep(random.nextInt(50)); // any moment of a task, moving its file included
        assertThat(job.isAlive()).isTrue();
        job.kill();
      }
      // Right at any moment: what is there is whole and there once.
      assertThat(scores(spark).select("id").distinct().count())
          .as("seed %d, kill %d", seed, kill)
          .isEqualTo(scores(spark).count())
          .isBetween(1L, ROWS - 1L);
    }
    long kept = scores(spark).count();
    assertThat(scoreHere(output(), options(input)).scoredBefore()).isEqualTo(kept);
    Path whole = folder.resolve("whole");
    scoreHere(whole, options(input));
    assertThat(scores(spark).count()).as("seed %d", seed).isEqualTo(ROWS);
    harness.assertSameRows(spark.read().parquet(whole.toString()), scores(spark));
    assertThat(output().resolve("_temporary")).doesNotExist();
  }

  @Test
  void anInterruptedJobEndsWith130AndIsResumed(SparkSession spark) throws Exception {
    assumeThat(isIgnored("SIGINT"))
        .as("SIGINT is ignored in this process, as under nohup, and so in its children")
        .isFalse();
    List<String> options = options(input(), "--backend=onnx"); // it would end the process itself
    try (ChildJob job = start("interrupted", output(), options)) {
      job.awaitFiles(2);
      job.signal("INT");
      assertThat(job.status()).as(job.log()).isEqualTo(130);
      assertThat(job.log()).doesNotContain("\tat ");
    }
    long kept = scores(spark).count();
    assertThat(kept).isBetween(1L, ROWS - 1L);
    assertThat(output().resolve("_deeplift/lock")).doesNotExist();
    assertThat(scoreHere(output(), options).scored()).isEqualTo(ROWS - kept);
    assertThat(scores(spark).select("id").distinct().count())
        .isEqualTo(scores(spark).count())
        .isEqualTo(ROWS);
  }

  /** Children inherit signals that are ignored; the system lists them in a mask of bits. */
  private static boolean isIgnored(String signal) throws IOException {
    assertThat(signal).isEqualTo("SIGINT"); // signal 2: bit 1
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "nd4j"})
  void aJobThatFillsItsNativeMemorySaysWhichOptionsHelp(String backend) throws Exception {
    Path log = folder.resolve("full.log");
    List<String> options = options(fasta("one.fa", "ACGT".repeat(50)), "--backend=" + backend);
    try (ChildJob job =
        ChildJob.start(output(), log, options, "-Dorg.bytedeco.javacpp.maxphysicalbytes=150m")) {
      assertThat(job.status()).as(job.log()).isEqualTo(2);
      assertThat(job.log())
          .contains("deeplift: Out of native memory in a process of the job: ")
          .contains("Lower --memory-per-task or --batch")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aPoisonModelFileEndsInOneLineBeforeAnythingIsWritten() throws Exception {
    byte[] model = Files.readAllBytes(Path.of(MODEL));
    Path poison = Files.write(folder.resolve("poison.keras"), java.util.Arrays.copyOf(model, 900));
    List<String> options = options(fasta("few.fa", "ACGT"), "--model=" + poison);
    options.remove(0);
    try (ChildJob job = start("poison", output(), options)) {
      assertThat(job.status()).as(job.log()).isEqualTo(2);
      assertThat(job.log().lines().filter(line -> line.startsWith("deeplift: "))).hasSize(1);
      assertThat(job.log()).contains("poison.keras").doesNotContain("\tat ");
    }
    assertThat(output()).doesNotExist();
  }
}
