package org.deepliftspark.job.motif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.SparkHarness;
import org.deepliftspark.job.export.SeqletBed;
import org.deepliftspark.job.report.LogoJob;
import org.deepliftspark.job.report.ReportJob;
import org.deepliftspark.job.report.ReportOptions;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreTables;
import org.deepliftspark.job.scores.ScoreTables.Encoding;
import org.deepliftspark.job.scores.ScoreTables.Scored;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a score table with planted motifs to seqlets, motifs and a report. */
@ExtendWith(SparkHarness.class)
class MotifJobTest {
  private static final int ROWS = 240;
  private static final int LENGTH = 120;
  private static final String GATA = "CAGATAAGGC";
  private static final String AP1 = "ATGACTCAT";
  private static final SeqletOptions SEQLETS = new SeqletOptions(0.01, 4, 25, 0);
  private static final ReportOptions REPORT = new ReportOptions(3, null, null, null);

  @TempDir static Path folder;

  private static String scores;
  private static String printed;

  /** GATA in even rows at 30, AP-1 in every fourth row at 80, on the other strand in odd ones. */
  @BeforeAll
  static void runOnce(SparkSession spark) throws Exception {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(i));
    }
    scores = ScoreTables.write(spark, folder.resolve("scores"), Encoding.F32, rows);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    SeqletJob.run(spark, ScoreReader.open(spark, scores, null), SEQLETS, null, stream);
    MotifOptions motifs = new MotifOptions("src/main/resources/demo/motifs.meme", 0.05, 20);
    MotifJob.run(spark, scores, null, motifs, null, stream);
    ReportJob.run(spark, ScoreReader.open(spark, scores, null), REPORT, null, stream);
    printed = out.toString(StandardCharsets.UTF_8);
  }

  private static Scored row(int i) {
    Random random = new Random(i);
    StringBuilder letters = new StringBuilder(ScoreTables.sequence(LENGTH, 1000 + i));
    float[] strength = new float[LENGTH];
    for (int k = 0; k < LENGTH; k++) {
      strength[k] = (float) (0.02 * random.nextGaussian());
    }
    if (i % 2 == 0) {
      letters.replace(30, 30 + GATA.length(), GATA);
      for (int k = 0; k < GATA.length(); k++) {
        strength[30 + k] = i == 2 ? 1.2f : 1;
      }
    }
    if (i % 4 == 0) {
      letters.replace(80, 80 + AP1.length(), AP1);
      for (int k = 0; k < AP1.length(); k++) {
        strength[80 + k] = -0.5f;
      }
    }
    float[] hypothetical = new float[4 * LENGTH];
    for (int k = 0; k < hypothetical.length; k++) {
      hypothetical[k] = strength[k / 4];
    }
    String strand = i % 3 == 0 ? "-" : "+";
    String place = "chr1:%d-%d(%s)".formatted(1000 * i, 1000 * i + LENGTH, strand);
    String id = i == 2 ? "<script>alert(1)</script>" : "row" + i;
    return new Scored(id, letters.toString(), place, hypothetical);
  }

  private static List<Row> table(SparkSession spark, String name) {
    return spark.read().parquet(scores + "/_deeplift/motifs/" + name).collectAsList();
  }

  @Test
  void thePlantedMotifsComeOutOnTop(SparkSession spark) {
    List<Row> counts = table(spark, "counts");
    assertThat(counts.get(0).<String>getAs("motif")).isEqualTo("GATA1");
    assertThat(counts.get(0).<Long>getAs("seqlets")).isBetween(80L, 120L);
    assertThat(counts.get(0).<Long>getAs("positive")).isBetween(80L, 120L);
    assertThat(counts.get(1).<String>getAs("motif")).isEqualTo("AP1");
    assertThat(counts.get(1).<Long>getAs("seqlets")).isBetween(45L, 62L);
    assertThat(counts.get(1).<Long>getAs("positive")).isLessThan(3);
    assertThat(counts.get(1).<Double>getAs("mean_attribution")).isBetween(-5.5, -3.5);
    List<Float> contributions = counts.get(0).getList(counts.get(0).fieldIndex("contributions"));
    // NWGATAARNN: the third letter is G, with its contribution of 1 in nearly every seqlet.
    assertThat(contributions.get(4 * 2 + 2)).isBetween(0.9f, 1.05f);
    assertThat(contributions.get(4 * 2)).isBetween(-0.05f, 0.05f);
    assertThat(printed).contains("seqlets (", "GATA1", "AP1", "report: " + scores);
  }

  @Test
  void seqletsCoverWhatWasPlantedAndLittleElse(SparkSession spark) {
    List<Row> seqlets = spark.read().parquet(scores + "/_deeplift/seqlets").collectAsList();
    long planted =
        seqlets.stream()
            .filter(row -> Math.abs(row.<Integer>getAs("start") - 30) <= 4)
            .filter(row -> row.<Double>getAs("attribution") > 8)
            .count();
    assertThat(planted).isEqualTo(120);
    for (Row row : seqlets) {
      String context = row.getAs("context");
      int at = row.<Integer>getAs("start") - row.<Integer>getAs("context_start");
      String sequence = row.getAs("sequence");
      assertThat(context.substring(at, at + sequence.length())).isEqualTo(sequence);
      assertThat(row.getList(row.fieldIndex("context_contributions"))).hasSize(context.length());
      long length = row.<Long>getAs("chrom_end") - row.<Long>getAs("chrom_start");
      assertThat(length).isEqualTo(sequence.length());
    }
  }

  @Test
  void positionsAndPairsAreCounted(SparkSession spark) {
    long inBin =
        table(spark, "positions").stream()
            .filter(row -> row.<String>getAs("motif").equals("GATA1"))
            .filter(row -> row.<Number>getAs("start").intValue() == 20)
            .mapToLong(row -> row.<Long>getAs("seqlets"))
            .sum();
    assertThat(inBin).isBetween(80L, 120L);
    Row pair =
        table(spark, "pairs").stream()
            .filter(row -> row.<String>getAs("motif_a").equals("GATA1"))
            .filter(row -> row.<String>getAs("motif_b").equals("AP1"))
            .findFirst()
            .orElseThrow();
    assertThat(pair.<Long>getAs("rows_both")).isBetween(30L, 60L);
    assertThat(pair.<Double>getAs("expected")).isBetween(14.0, 31.0);
    assertThat(pair.<Double>getAs("log2_ratio")).isBetween(0.7, 1.3);
    assertThat(pair.<Double>getAs("p_value")).isLessThan(1e-6);
  }

  @Test
  void matchesLieWhereTheMotifsArePlanted(SparkSession spark) throws Exception {
    Path bed = folder.resolve("motifs.bed");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    SeqletBed.run(
        spark.read().parquet(scores + "/_deeplift/motifs/matches"), 0.05, bed.toString(), nowhere);
    int right = 0;
    for (String line : Files.readAllLines(bed)) {
      String[] columns = line.split("\t");
      assertThat(columns).hasSize(9);
      int row = Integer.parseInt(columns[1]) / 1000;
      // Planted at 30 to 40 of the row, which runs against the genome on the reverse strand.
      int start = 1000 * row + (row % 3 == 0 ? LENGTH - 40 : 30);
      boolean here = Integer.parseInt(columns[1]) == start;
      if (columns[3].equals("GATA1") && here) {
        assertThat(Integer.parseInt(columns[2])).isEqualTo(start + 10);
        assertThat(columns[5]).isEqualTo(row % 3 == 0 ? "-" : "+");
        right++;
      }
    }
    assertThat(right).isBetween(78, 120);
  }

  @Test
  void theReportShowsTheMotifsAndEscapesIds() throws Exception {
    String html = Files.readString(Path.of(scores, "_deeplift/report.html"));
    assertThat(html).contains("GATA1", "AP1", "&lt;script&gt;alert(1)&lt;/script&gt;");
    assertThat(html).doesNotContain("<script", "NaN");
  }

  @Test
  void aLogoIsDrawnOfARow(SparkSession spark) throws Exception {
    ScoreReader reader = ScoreReader.open(spark, scores, null);
    Path svg = folder.resolve("row.svg");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    LogoJob.run(reader, "<script>alert(1)</script>", 29, 41, svg.toString(), nowhere);
    assertThat(Files.readString(svg))
        .startsWith("<svg")
        .contains("&lt;script&gt;")
        .doesNotContain("<script");
    LogoJob.run(reader, "row6", -1, -1, folder.resolve("row.png").toString(), nowhere);
    assertThat(Files.size(folder.resolve("row.png"))).isGreaterThan(5000);
    assertThatThrownBy(() -> LogoJob.run(reader, "row6", 0, 121, svg.toString(), nowhere))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --start 1 and --end 121: expected a part of the row's 120 positions");
    assertThatThrownBy(() -> LogoJob.run(reader, "nobody", 0, 10, svg.toString(), nowhere))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("No row nobody in " + scores);
    assertThatThrownBy(() -> LogoJob.run(reader, "row6", 0, 10, "row.gif", nowhere))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --output row.gif: expected a name that ends in .svg or .png");
  }

  @Test
  void seqletsOfOlderScoresAreNotUsed(SparkSession spark) throws Exception {
    Path old = folder.resolve("old");
    ScoreTables.write(spark, old, Encoding.ARRAY, List.of(row(0), row(1)));
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    MotifOptions motifs = new MotifOptions("src/main/resources/demo/motifs.meme", 0.05, 20);
    assertThatThrownBy(() -> MotifJob.run(spark, old.toString(), null, motifs, null, nowhere))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read seqlets "
                + old
                + "/_deeplift/seqlets: no such folder; run 'seqlets "
                + old
                + "' first");
    SeqletJob.run(spark, ScoreReader.open(spark, old.toString(), null), SEQLETS, null, nowhere);
    Files.writeString(old.resolve("_deeplift/run.json"), "{\"run\": \"another\"}");
    assertThatThrownBy(() -> MotifJob.run(spark, old.toString(), null, motifs, null, nowhere))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("was scored again after they were called");
  }

  @Test
  void whatIsNoTableOfOursIsNotReplaced(SparkSession spark) throws Exception {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("thesis.txt"), "mine");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    ScoreReader reader = ScoreReader.open(spark, scores, null);
    assertThatThrownBy(() -> SeqletJob.run(spark, reader, SEQLETS, taken.toString(), nowhere))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot write to "
                + taken
                + ": it exists and is no table of this command (no _facts.json in it). Use another"
                + " --output");
    assertThat(taken.resolve("thesis.txt")).hasContent("mine");
  }
}
