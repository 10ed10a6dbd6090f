package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkHarness.class)
class RejectedRowsTest extends JobTestBase {
  private static final String GOOD = "ACGTACGTACGT";
  private static final String ALL = "--max-rejected-fraction=1";

  private List<String> rejectedRows(SparkSession spark, String... columns) {
    return rejected(spark).selectExpr(columns).orderBy("id").collectAsList().stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void rowsThatCannotBeScoredKeepTheirReasonAndLoseNoOthers(SparkSession spark) throws Exception {
    Path input =
        file(
            "in.fa",
            ">good\n"
                + GOOD
                + "\n>short\nACGT\n>long\n"
                + GOOD
                + GOOD
                + "\n>empty\n>odd\nACGTACGTAC!T\n");
    RunReport report = score(spark, input, ALL);
    assertThat(scoresById(spark)).containsOnlyKeys("good");
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("length", 2L, "no sequence", 1L, "unknown base", 1L));
    assertThat(rejectedRows(spark, "id", "detail", "length", "sequence_start", "copies"))
        .containsExactly(
            "[empty,no sequence,0,,1]",
            "[long,length 24, model expects 12,24," + GOOD + GOOD + ",1]",
            "[odd,unknown base '!' at 11,12,ACGTACGTAC!T,1]",
            "[short,length 4, model expects 12,4,ACGT,1]");
  }

  @Test
  void moreRejectedRowsThanAllowedStopTheJobBeforeItScores(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", GOOD, "ACGT", "CCGTACGTACGT");
    assertThatThrownBy(() -> score(spark, input))
        .isInstanceOf(LimitExceededException.class)
        .hasMessage(
            "1 of 3 rows rejected (1 length), more than --max-rejected-fraction 0.01 allows. Nothing"
                + " was scored: raise the limit to score the others; rejected rows are in "
                + output()
                + "/_deeplift/rejected");
    assertThat(visibleFiles()).containsExactly("_deeplift");
    assertThat(rejected(spark).count()).isEqualTo(1);
    // The folder holds no scores, so the next attempt needs no --mode.
    assertThat(score(spark, input, ALL).scored()).isEqualTo(2);
    assertThat(rejected(spark).count()).isEqualTo(1);
  }

  @Test
  void aJobWithoutAnyRowToScoreSaysWhy(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "ACGT", "ACG");
    assertThatThrownBy(() -> score(spark, input, ALL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("No row can be scored: 2 of 2 rows rejected (2 length; such as s")
        .hasMessageContaining("model expects 12");
  }

  @Test
  void equalRowsAreScoredOnceAndCounted(SparkSession spark) throws Exception {
    Path input = file("in.fa", (">a\n" + GOOD + "\n").repeat(3) + ">b\nCCCCACGTACGT\n");
    RunReport report = score(spark, input);
    assertThat(scoresById(spark)).containsOnlyKeys("a", "b");
    assertThat(report.read()).isEqualTo(4);
    assertThat(report.duplicates()).isEqualTo(2);
    assertThat(report.scored()).isEqualTo(2);
  }

  @Test
  void oneIdWithDifferentContentIsRejectedWholly(SparkSession spark) throws Exception {
    Path input =
        file(
            "in.fa",
            ">a\n"
                + GOOD
                + "\n>b\n"
                + GOOD
                + "\n>a\nCCCCACGTACGT\n>a\nGGGGACGTACGT\n>a\n"
                + GOOD
                + "\n");
    RunReport report = score(spark, input, ALL);
    assertThat(scoresById(spark)).containsOnlyKeys("b");
    assertThat(report.rejected()).containsExactly(Map.entry("duplicate id", 3L));
    assertThat(report.duplicates()).isEqualTo(1);
    assertThat(rejectedRows(spark, "id", "reason", "copies"))
        .containsExactlyInAnyOrder(
            "[a,duplicate id,2]", "[a,duplicate id,1]", "[a,duplicate id,1]");
  }

  @Test
  void lowerCaseCountsAsUpperCase(SparkSession spark) throws Exception {
    Path input = file("in.fa", ">a\nacgtACGTacgt\n>a\n" + GOOD + "\n");
    RunReport report = score(spark, input);
    assertThat(report.duplicates()).isEqualTo(1);
    assertThat(scoresById(spark).get("a").<String>getAs("sequence")).isEqualTo(GOOD);
  }

  @Test
  void anUnknownBaseIsScoredOrRejectedAsAsked(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "ACGTNCGTACGT", GOOD);
    score(spark, input);
    assertThat(scoresById(spark).get("s0").<Double>getAs("prediction"))
        .isCloseTo(model.predict("ACGTNCGTACGT", 0), within(1e-5));
    RunReport report = score(spark, input, ALL, "--unknown-base=reject", "--mode=overwrite");
    assertThat(report.rejected()).containsExactly(Map.entry("unknown base", 1L));
    assertThat(scoresById(spark)).containsOnlyKeys("s1");
    RunReport background = score(spark, input, "--unknown-base=background", "--mode=overwrite");
    assertThat(background.scored()).isEqualTo(2);
  }

  @Test
  void theLengthPolicyCropsOrPads(SparkSession spark) throws Exception {
    Path input =
        file(
            "in.fa",
            ">chr1:100-116(+)\nTT" + GOOD + "AA\n>chr2:50-60\nCCGTACGTAC\n>chr3:0-4(-)\nACGT\n");
    score(spark, input, "--length-policy=center");
    Map<String, Row> rows = scoresById(spark);
    Row cropped = rows.get("chr1:100-116(+)");
    assertThat(cropped.<String>getAs("sequence")).isEqualTo(GOOD);
    assertThat(cropped.<Long>getAs("start")).isEqualTo(102);
    assertThat(cropped.<Long>getAs("end")).isEqualTo(114);
    assertThat(rows.get("chr2:50-60").<String>getAs("sequence")).isEqualTo("NCCGTACGTACN");
    RunReport padded =
        score(
            spark, input, "--length-policy=pad", "--unknown-base=reject", ALL, "--mode=overwrite");
    assertThat(padded.rejected()).containsExactly(Map.entry("length", 1L));
    Row right = scoresById(spark).get("chr3:0-4(-)");
    assertThat(right.<String>getAs("sequence")).isEqualTo("ACGTNNNNNNNN");
    assertThat(right.<Long>getAs("start")).isEqualTo(-8);
    assertThat(right.<Long>getAs("end")).isEqualTo(4);
  }

  @Test
  void rejectedRowsGoWhereTheyAreAskedFor(SparkSession spark) throws Exception {
    Path elsewhere = folder.resolve("bad");
    score(spark, fasta("in.fa", GOOD, "ACGT"), ALL, "--rejected=" + elsewhere);
    assertThat(spark.read().parquet(elsewhere.toString()).count()).isEqualTo(1);
    assertThat(output().resolve("_deeplift/rejected")).doesNotExist();
    // Another attempt adds none twice.
    score(spark, fasta("in.fa", GOOD, "ACGT"), ALL, "--rejected=" + elsewhere, "--mode=overwrite");
    assertThat(spark.read().parquet(elsewhere.toString()).count()).isEqualTo(1);
    Path others = Files.createDirectory(folder.resolve("others"));
    Files.writeString(others.resolve("notes.csv"), "a,b\n");
    assertThatThrownBy(
            () ->
                score(
                    spark,
                    fasta("in.fa", GOOD, "ACGT"),
                    ALL,
                    "--rejected=" + others,
                    "--output=" + folder.resolve("third")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --rejected "
                + others
                + ": it holds files that are no rejected rows; give a folder of its own");
  }

  @Test
  void rowsThatAnotherModelGaveNoFiniteResultForAreScored(SparkSession spark) throws Exception {
    String elsewhere = "--rejected=" + folder.resolve("bad");
    Path input = fasta("in.fa", "AAAAAAAAAAAA", "CCCCCCCCCCCC");
    String[] options = {ALL, "--references=zeros", "--target=0", "--mode=resume", elsewhere};
    RunReport first = score(spark, TestModel.overflowing(), "overflowing", input, options);
    assertThat(first.rejected()).containsExactly(Map.entry("result is not finite", 1L));
    List<String> other = new ArrayList<>(List.of(options));
    other.add("--output=" + folder.resolve("other"));
    RunReport second = score(spark, input, other.toArray(new String[0]));
    assertThat(second.scored()).isEqualTo(2);
    assertThat(second.scoredBefore()).isZero();
  }
}
