package org.deepliftspark.job.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.deepliftspark.job.SparkHarness;
import org.deepliftspark.job.scores.ScoreTables.Encoding;
import org.deepliftspark.job.scores.ScoreTables.Scored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SparkHarness.class)
class ScoreReaderTest {
  private static final Scored ROW =
      ScoreTables.random("a", ScoreTables.sequence(9, 1), "chr1:5-14(-)");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void readsEveryEncoding(Encoding encoding, SparkSession spark) {
    String scores = ScoreTables.write(spark, folder, encoding, List.of(ROW));
    Row stored = ScoreReader.open(spark, scores, null).rows(true).first();
    ScoreRow row = ScoreReader.decode(stored);
    assertThat(row.id()).isEqualTo("a");
    assertThat(row.sequence()).isEqualTo(ROW.sequence());
    assertThat(row.place()).isEqualTo(new GenomicInterval("chr1", 5, 14, "-"));
    assertThat(row.observed()).containsExactly(ROW.observed());
    assertThat(row.hypothetical()).containsExactly(ROW.hypothetical());
    assertThat(row.prediction()).isEqualTo(ROW.mass() + 0.5);
    assertThat(row.mass()).isEqualTo(ROW.mass());
  }

  @Test
  void columnsMayBeAbsent(SparkSession spark) {
    ScoreTables.write(spark, folder.resolve("all"), Encoding.ARRAY, List.of(ROW));
    String few = folder.resolve("few").toString();
    spark
        .read()
        .parquet(folder.resolve("all").toString())
        .select("id", "target", "sequence", "contributions")
        .write()
        .parquet(few);
    ScoreReader scores = ScoreReader.open(spark, few, null);
    ScoreRow row = ScoreReader.decode(scores.rows(true).first());
    assertThat(row.observed()).containsExactly(ROW.observed());
    assertThat(row.hypothetical()).isNull();
    assertThat(row.place()).isNull();
    assertThat(row.prediction()).isNaN();
    assertThatThrownBy(() -> scores.require("hypothetical", "score with --hypothetical"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read hypothetical from "
                + few
                + ": the table has no such column; score with --hypothetical");
  }

  @Test
  void aTargetIsChosenAmongSeveral(SparkSession spark) {
    String scores = ScoreTables.write(spark, folder, Encoding.ARRAY, "0", List.of(ROW));
    ScoreTables.write(spark, folder, Encoding.ARRAY, "1-0", List.of(ROW));
    assertThat(ScoreReader.open(spark, scores, "1-0").rows(false).count()).isEqualTo(1);
    assertThatThrownBy(() -> ScoreReader.open(spark, scores, null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Missing --target: " + scores + " holds targets 0, 1-0");
    assertThatThrownBy(() -> ScoreReader.open(spark, scores, "2"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --target 2: " + scores + " holds targets 0, 1-0");
  }

  @Test
  void aTargetThatIsAFolderStaysText(SparkSession spark) {
    ScoreTables.write(spark, folder.resolve("flat"), Encoding.ARRAY, List.of(ROW));
    String nested = folder.resolve("nested").toString();
    spark
        .read()
        .parquet(folder.resolve("flat").toString())
        .write()
        .partitionBy("target")
        .parquet(nested);
    assertThat(ScoreReader.open(spark, nested, "0").rows(false).count()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNoScoreTable(SparkSession spark) throws Exception {
    assertThatThrownBy(() -> ScoreReader.open(spark, "no/such", null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read scores no/such: no such folder");
    String empty = Files.createDirectory(folder.resolve("empty")).toString();
    assertThatThrownBy(() -> ScoreReader.open(spark, empty, null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read scores " + empty + ": no table in it");
    String other = folder.resolve("other").toString();
    spark.range(3).write().parquet(other);
    assertThatThrownBy(() -> ScoreReader.open(spark, other, null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read scores "
                + other
                + ": expected a table that 'score' wrote, with the columns id, target and"
                + " contributions; found id");
  }

  @Test
  void refusesScoresOfAnotherLength(SparkSession spark) {
    Scored wrong = new Scored("b", "ACGT", null, new float[16]);
    ScoreTables.write(spark, folder.resolve("right"), Encoding.ARRAY, List.of(wrong));
    Row row =
        ScoreReader.open(spark, folder.resolve("right").toString(), null)
            .rows(false)
            .withColumn("sequence", org.apache.spark.sql.functions.lit("ACGTA"))
            .first();
    assertThatThrownBy(() -> ScoreReader.decode(row))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read row b: 4 contributions, expected 5");
  }
}
