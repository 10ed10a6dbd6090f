package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkHarness.class)
class OutputModesTest extends JobTestBase {
  private static final String A = "ACGTACGTACGT";
  private static final String B = "CCGTACGTACGA";
  private static final String C = "GCGTACGTACGC";

  private OutputFolder take(OutputMode mode) {
    return OutputFolder.open(
        new HadoopFiles(new Configuration()), output().toString(), mode, "other-run");
  }

  @Test
  void anOutputThatExistsIsNotTouchedUnlessAsked(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", A);
    score(spark, input);
    assertThatThrownBy(() -> score(spark, fasta("b.fa", B)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot write to "
                + output()
                + ": it exists already. Use another --output, --mode resume (scores what is missing),"
                + " --mode overwrite or --mode append");
    assertThat(scoresById(spark).get("s0").<String>getAs("sequence")).isEqualTo(A);
    score(spark, fasta("b.fa", B), "--mode=overwrite");
    assertThat(scoresById(spark)).hasSize(1);
    assertThat(scoresById(spark).get("s0").<String>getAs("sequence")).isEqualTo(B);
    assertThat(output().resolve("_deeplift/staging")).doesNotExist();
  }

  @Test
  void appendAddsRowsOnceAndRejectsIdsThatAreThere(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", A, B));
    Path more = file("more.fa", ">s1\n" + B + "\n>s2\n" + C + "\n");
    RunReport report = score(spark, more, "--mode=append", "--max-rejected-fraction=0.5");
    assertThat(report.scored()).isEqualTo(1);
    assertThat(report.written()).isEqualTo(1);
    assertThat(report.rejected()).containsExactly(Map.entry("already in the output", 1L));
    assertThat(scoresById(spark)).containsOnlyKeys("s0", "s1", "s2");
    // Another target of the same rows is new.
    assertThat(score(spark, more, "--mode=append", "--target=1").written()).isEqualTo(2);
    assertThat(scores(spark).dropDuplicates("id", "target").count())
        .isEqualTo(scores(spark).count())
        .isEqualTo(5);
  }

  @Test
  void appendNeedsTheSameColumns(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", A));
    assertThatThrownBy(() -> score(spark, fasta("b.fa", B), "--mode=append", "--hypothetical"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot add to " + output() + ": it has columns id, sequence")
        .hasMessageEndingWith("contributions, hypothetical");
  }

  @Test
  void appendRefusesRowsThatNothingTellsFromOthers(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", A));
    Path more = file("more.fa", ">s1\n" + B + "\n");
    assertThatThrownBy(() -> score(spark, more, "--mode=append", "--seed=2"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot add to "
                + output()
                + ": its scores were made with another --seed: expected 1 (_deeplift/run.json), found"
                + " 2. Give the same, or another --output");
    assertThatThrownBy(
            () -> score(spark, model.graph(), "another", more, "--mode=append", "--target=1"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another --model: expected the SHA-256 " + TestModel.HASH);
    assertThat(scoresById(spark)).containsOnlyKeys("s0");
  }

  @Test
  void modelsAndDatesMayHaveFoldersOfTheirOwn(SparkSession spark) throws Exception {
    String folders = "--partition-by=run_date,model_sha256";
    Path input = fasta("in.fa", A, B);
    score(spark, input, folders);
    score(spark, model.graph(), "another", input, folders, "--mode=append");
    RunReport again =
        score(spark, input, folders, "--mode=append", "--max-rejected-fraction=1", "--target=1");
    assertThat(again.written()).isEqualTo(2);
    assertThat(scores(spark).groupBy("model_sha256", "target").count().collectAsList())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            "[" + TestModel.HASH + ",0,2]", "[" + TestModel.HASH + ",1,2]", "[another,0,2]");
    String today = Instant.now().toString().substring(0, 10);
    assertThat(visibleFiles()).containsExactly("_deeplift", "run_date=" + today);
    assertThatThrownBy(() -> score(spark, input, "--partition-by=run_day", "--mode=overwrite"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid --partition-by run_day: expected one of id, ")
        .hasMessageEndingWith("n_references, run_date, model_sha256");
  }

  @Test
  void overwriteKeepsItsHandsOffOtherPeoplesFiles(SparkSession spark) throws Exception {
    Files.createDirectories(output());
    Files.writeString(output().resolve("thesis.txt"), "text");
    assertThatThrownBy(() -> score(spark, fasta("in.fa", A), "--mode=overwrite"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it holds files that are not of this program");
    score(spark, fasta("in.fa", A), "--output=" + folder.resolve("scores"));
    assertThatThrownBy(
            () ->
                score(
                    spark,
                    folder.resolve("scores"),
                    "--output=" + folder.resolve("scores"),
                    "--mode=overwrite"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("lies in it");
  }

  @Test
  void anOverwriteThatIsStoppedLeavesTheRecordOfTheScoresThatStay(SparkSession spark)
      throws Exception {
    score(spark, fasta("in.fa", A, B));
    Path more = fasta("more.fa", A, C, "ACG");
    assertThatThrownBy(() -> score(spark, model.graph(), "another", more, "--mode=overwrite"))
        .isInstanceOf(LimitExceededException.class);
    assertThat(scoresById(spark)).containsOnlyKeys("s0", "s1");
    assertThatThrownBy(() -> score(spark, model.graph(), "another", more, "--mode=resume"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another --model: expected the SHA-256 " + TestModel.HASH);
  }

  @Test
  void scoresThatAKilledRunHadBegunToReplaceAreNotAddedTo(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", A);
    score(spark, input);
    Path json = output().resolve("_deeplift/run.json");
    editRecord(text -> text.replace("\"done\"", "\"replacing\""));
    for (String mode : new String[] {"resume", "append"}) {
      assertThatThrownBy(() -> score(spark, input, "--mode=" + mode))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot add to "
                  + output()
                  + ": a run ended while it replaced the scores there, so that old ones may be"
                  + " left. Use --mode overwrite, or another --output");
    }
    score(spark, input, "--mode=overwrite");
    assertThat(Files.readString(json)).contains("\"status\" : \"done\"");
  }

  @Test
  void inputsScoresAndRejectedRowsLieApart(SparkSession spark) throws Exception {
    Path in = Files.createDirectories(folder.resolve("lake"));
    file("lake/a.fa", ">a\n" + A + "\n");
    assertThatThrownBy(() -> score(spark, in, "--output=" + in.resolve("scores")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --output "
                + in.resolve("scores")
                + ": it lies in the input "
                + in
                + ", and the next run would read it; give a folder apart from it");
    assertThatThrownBy(() -> score(spark, in, "--rejected=" + in))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid --rejected " + in + ": it lies in the input " + in);
    for (Path rejected : new Path[] {output(), output().resolve("rejected"), folder}) {
      assertThatThrownBy(() -> score(spark, in.resolve("a.fa"), "--rejected=" + rejected))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Invalid --rejected "
                  + rejected
                  + ": readers of --output "
                  + output()
                  + " would take rejected rows for scores; give a folder apart from it");
    }
    assertThat(output()).doesNotExist();
    // what readers pass over may lie in the input
    score(spark, in, "--output=" + in.resolve("_scores"));
    assertThat(score(spark, in, "--output=" + in.resolve("_scores"), "--mode=resume").read())
        .isEqualTo(1);
  }

  @Test
  void anOutputThatIsAFileIsRefused(SparkSession spark) throws Exception {
    Files.writeString(output(), "text");
    assertThatThrownBy(() -> score(spark, fasta("in.fa", A)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot write to " + output() + ": it is a file, expected a folder");
  }

  @Test
  void whatAKilledJobLeftIsNotCommitted(SparkSession spark) throws Exception {
    score(spark, fasta("a.fa", A), "--output=" + folder.resolve("killed"));
    Path task = output().resolve("_temporary/0/task_202001010000000000000_0000_m_000000");
    Files.createDirectories(task);
    try (var files = Files.newDirectoryStream(folder.resolve("killed"), "part-*.parquet")) {
      for (Path file : files) {
        Files.copy(file, task.resolve(file.getFileName()));
      }
    }
    score(spark, fasta("b.fa", B));
    assertThat(scores(spark).count()).isEqualTo(1);
    assertThat(output().resolve("_temporary")).doesNotExist();
  }

  @Test
  void aSecondJobOnTheSameOutputIsRefused(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", A);
    try (OutputFolder held = take(OutputMode.ERROR)) {
      assertThatThrownBy(() -> score(spark, input))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("Cannot write to")
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " is writing to it");
      held.requireHeld();
    }
    assertThat(output()).doesNotExist();
    assertThat(score(spark, input).scored()).isEqualTo(1);
  }

  /**
   * Writes a lock as another process would: the checksum that Hadoop keeps beside local files goes.
   */
  private static void writeLock(Path lock, String text) throws Exception {
    Files.writeString(lock, text);
    Files.deleteIfExists(lock.resolveSibling(".lock.crc"));
  }

  @Test
  void aLockThatIsSilentOrWhoseProcessIsGoneIsTakenOver() throws Exception {
    Path lock = output().resolve("_deeplift/lock");
    Files.createDirectories(lock.getParent());
    writeLock(lock, "run-1 another-host pid:[1] 1\n");
    assertThatThrownBy(() -> take(OutputMode.ERROR))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a job on another-host, process 1 is writing to it");
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(600)));
    try (OutputFolder taken = take(OutputMode.ERROR)) {
      assertThat(Files.readString(lock)).startsWith("other-run ");
      writeLock(lock, Files.readString(lock).replace("other-run", "third-run"));
      assertThatThrownBy(taken::requireHeld)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("another job took the output over");
    }
    // Left behind by a process of this host that is no more.
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    String ours = Files.readString(lock);
    String theirs = ours.replaceFirst(" \\d+\\s*$", " " + dead.pid() + "\n");
    // A process of a container is not gone because this one does not see it.
    writeLock(lock, theirs.replaceFirst(" \\S+ (\\d+\\s*)$", " another-container $1"));
    assertThatThrownBy(() -> take(OutputMode.ERROR))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("is writing to it");
    writeLock(lock, theirs);
    take(OutputMode.ERROR).close();
    assertThat(output()).doesNotExist();
  }

  @Test
  void aJobThatFailsLeavesNoOutputFolder(SparkSession spark) throws Exception {
    Path empty = file("empty.fa", "");
    assertThatThrownBy(() -> score(spark, empty)).isInstanceOf(InvalidInputException.class);
    assertThat(output()).doesNotExist();
  }
}
