package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a job with rejected rows leaves where others can read it: its log and Spark's event log, of
 * which the history server makes its pages, hold no sequence and no id; temporary folders are this
 * user's alone and empty in the end.
 */
@ExtendWith(SparkHarness.class)
class QuietLogsTest extends JobTestBase {
  private static final String MODEL = "src/main/resources/demo/talgata.keras";
  private static final int LENGTH = 200;

  private final Random random = new Random(11);

  private String draw(int length) {
    StringBuilder letters = new StringBuilder();
    random.ints(length, 0, 4).forEach(letter -> letters.append("ACGT".charAt(letter)));
    return letters.toString();
  }

  @Test
  void neitherLogsNorTemporaryFoldersHoldSequences(SparkSession spark) throws Exception {
    String good = draw(LENGTH);
    String shorter = draw(LENGTH - 5);
    String odd = draw(LENGTH - 1) + "!";
    String first = draw(LENGTH);
    String second = draw(LENGTH);
    Path input =
        file(
            "in.fa",
            ">patient-1\n%s\n>patient-2\n%s\n>patient-3\n%s\n>patient-4\n%s\n>patient-4\n%s\n"
                .formatted(good, shorter, odd, first, second));
    Path events = Files.createDirectory(folder.resolve("events"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path log = folder.resolve("job.log");
    List<String> options =
        List.of(
            "--model=" + MODEL,
            "--target=0",
            "--input=" + input,
            "--references=dinuc-shuffle:2",
            "--backend=onnx",
            "--max-rejected-fraction=1");
    try (ChildJob job =
        ChildJob.start(
            output(),
            log,
            options,
            "-Dspark.eventLog.enabled=true",
            "-Dspark.eventLog.dir=" + events.toUri(),
            "-Dspark.eventLog.compress=false",
            "-Djava.io.tmpdir=" + temporary)) {
      assertThat(job.status()).as(job.log()).isZero();
    }
    assertThat(scores(spark).count()).isEqualTo(1);
    assertThat(rejected(spark).collectAsList().stream().map(row -> row.<String>getAs("reason")))
        .containsExactlyInAnyOrder("length", "unknown base", "duplicate id", "duplicate id");
    assertThat(rejected(spark).collectAsList().stream().map(QuietLogsTest::head))
        .contains(shorter.substring(0, 50)); // so it was there to be told
    String told = Files.readString(log) + contents(events);
    assertThat(told).contains("rejected").contains("SparkListenerApplicationEnd");
    for (String sequence : List.of(good, shorter, odd, first, second)) {
      assertThat(told).doesNotContain(sequence.substring(0, 20));
    }
    assertThat(told).doesNotContain("patient-");
    assertThat(contents(temporary)).isEmpty();
  }

  private static String head(Row row) {
    return row.getAs("sequence_start");
  }

  /** The text of all files below a folder. */
  private static String contents(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1)); // whatever it holds
      }
    }
    return all.toString();
  }
}
