package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The driver is killed or interrupted, and the job resumed: no row is lost, none is there twice.
 */
@Tag("cluster")
@ExtendWith(ClusterHarness.class)
class DriverFaultsTest extends JobTestBase {
  private static final String MODEL = "src/main/resources/demo/talgata.keras";
  private static final int ROWS = 480;
  private static final int TASKS = 40;

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
    for (int kill = 1; kill <= 3; kill++) {
      // The later files are those of the rows that are left; a quarter of the tasks is never
      // reached.
      int files = ChildJob.files(output()) + 1 + random.nextInt(TASKS / 4);
      try (ChildJob job = start("kill-" + kill, output(), options(input))) {
        job.awaitFiles(files);
        Thread.sleep(random.nextInt(100)); // any moment of a task, moving its file included
        assertThat(job.isAlive()).isTrue();
        job.kill();
      }
      // Right at any moment: what is there is whole and there once.
      assertThat(scores(spark).select("id").distinct().count())
          .as("seed %d, kill %d", seed, kill)
          .isEqualTo(scores(spark).count())
          .isBetween(1L, ROWS - 1L);
    }
    try (ChildJob job = start("resumed", output(), options(input))) {
      assertThat(job.status()).as(job.log()).isZero();
      assertThat(job.log()).contains("rows scored before");
    }
    Path whole = folder.resolve("whole");
    try (ChildJob job = start("whole", whole, options(input))) {
      assertThat(job.status()).as(job.log()).isZero();
    }
    assertThat(scores(spark).count()).as("seed %d", seed).isEqualTo(ROWS);
    harness.assertSameRows(spark.read().parquet(whole.toString()), scores(spark));
    assertThat(output().resolve("_temporary")).doesNotExist();
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
