package org.deepliftspark.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.job.SparkHarness;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreTables;
import org.deepliftspark.job.scores.ScoreTables.Encoding;
import org.deepliftspark.job.scores.ScoreTables.Scored;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SparkHarness.class)
class ArrayExportTest {
  private static final int LENGTH = 11;
  private static final ArrayOptions ALL =
      new ArrayOptions(0, RowOrder.ID, 0, 0, UnknownRows.DROP, false);

  @TempDir Path folder;

  private final List<Scored> rows = new ArrayList<>();
  private String printed;

  @BeforeEach
  void makeRows() {
    for (int i = 0; i < 12; i++) {
      String place = "chr%d:%d-%d(%s)".formatted(1 + i % 2, 50 - i, 61 - i, i % 3 == 0 ? "-" : "+");
      rows.add(ScoreTables.random("r" + (char) ('m' - i), ScoreTables.sequence(LENGTH, i), place));
    }
  }

  private Path export(SparkSession spark, ExportFormat format, ArrayOptions options)
      throws Exception {
    String scores = folder.resolve("scores").toString();
    if (!Files.exists(folder.resolve("scores"))) {
      ScoreTables.write(spark, folder.resolve("scores"), Encoding.ARRAY, rows);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path to = folder.resolve("export");
    ArrayExport.run(
        ScoreReader.open(spark, scores, null),
        format,
        options,
        to.toString(),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    printed = out.toString(StandardCharsets.UTF_8);
    return to;
  }

  private static NpyArray npz(Path file, String name) throws Exception {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes();
      return Npy.read(bytes, name);
    }
  }

  private static List<Scored> sorted(List<Scored> rows) {
    return rows.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
  }

  /** What an array must hold, {@code [N, 4, length]} or {@code [N, length, 4]}. */
  private static float[] expected(List<Scored> rows, String part, boolean channelsFirst) {
    float[] numbers = new float[rows.size() * 4 * LENGTH];
    int at = 0;
    for (Scored row : rows) {
      for (int i = 0; i < 4 * LENGTH; i++) {
        int position = channelsFirst ? i % LENGTH : i / 4;
        int letter = channelsFirst ? i / LENGTH : i % 4;
        boolean there = row.sequence().charAt(position) == "ACGT".charAt(letter);
        float hypothetical = row.hypothetical()[4 * position + letter];
        numbers[at++] =
            switch (part) {
              case "one-hot" -> there ? 1 : 0;
              case "projected" -> there ? hypothetical : 0;
              default -> hypothetical;
            };
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void modiscoArraysAreChannelsFirstAndInOneOrder(boolean half, SparkSession spark)
      throws Exception {
    Path to =
        export(
            spark,
            ExportFormat.MODISCO,
            new ArrayOptions(0, RowOrder.ID, 0, 0, UnknownRows.DROP, half));

    NpyArray oneHot = npz(to.resolve("ohe.npz"), "arr_0");
    NpyArray hypothetical = npz(to.resolve("hyp.npz"), "arr_0");
    assertThat(oneHot.shape()).containsExactly(12, 4, LENGTH);
    assertThat(hypothetical.shape()).containsExactly(12, 4, LENGTH);
    assertThat(oneHot.floats()).containsExactly(expected(sorted(rows), "one-hot", true));
    assertThat(hypothetical.floats()).containsExactly(expected(sorted(rows), "hyp", true));
    List<String> bed = Files.readAllLines(to.resolve("rows.bed"));
    assertThat(bed).hasSize(12);
    assertThat(bed.get(0)).isEqualTo("chr2\t39\t50\trb\t0\t+");
    assertThat(bed.get(11)).isEqualTo("chr1\t50\t61\trm\t0\t-");
    assertThat(printed)
        .isEqualTo("12 rows of 11 positions in " + to + ": ohe.npz hyp.npz rows.bed\n");
  }

  @Test
  void bpnetAndChrombpnetFilesHaveTheirNamesAndShapes(SparkSession spark) throws Exception {
    Path to = export(spark, ExportFormat.BPNET_H5, ALL);
    try (HdfFile file = new HdfFile(to.resolve("scores.h5"))) {
      Dataset scores = file.getDatasetByPath("hyp_scores");
      assertThat(scores.getDimensions()).containsExactly(12, LENGTH, 4);
      assertThat((float[]) scores.getDataFlat())
          .containsExactly(expected(sorted(rows), "hyp", false));
      byte[] oneHot = (byte[]) file.getDatasetByPath("input_seqs").getDataFlat();
      float[] wanted = expected(sorted(rows), "one-hot", false);
      assertThat(oneHot).hasSize(wanted.length);
      for (int i = 0; i < wanted.length; i++) {
        assertThat((float) oneHot[i]).isEqualTo(wanted[i]);
      }
    }
    to = export(spark, ExportFormat.CHROMBPNET_H5, ALL);
    try (HdfFile file = new HdfFile(to.resolve("scores.h5"))) {
      assertThat(file.getDatasetByPath("raw/seq").getDimensions()).containsExactly(12, 4, LENGTH);
      assertThat((float[]) file.getDatasetByPath("shap/seq").getDataFlat())
          .containsExactly(expected(sorted(rows), "hyp", true));
      assertThat((float[]) file.getDatasetByPath("projected_shap/seq").getDataFlat())
          .containsExactly(expected(sorted(rows), "projected", true));
    }
  }

  @Test
  void finemoRegionsSayWhereTheyLie(SparkSession spark) throws Exception {
    Path to =
        export(
            spark,
            ExportFormat.FINEMO,
            new ArrayOptions(7, RowOrder.PLACE, 0, 0, UnknownRows.DROP, false));
    Path file = to.resolve("regions.npz");
    assertThat(npz(file, "sequences").shape()).containsExactly(12, 4, 7);
    assertThat(npz(file, "contributions").shape()).containsExactly(12, 4, 7);
    assertThat(npz(file, "chr_id").doubles()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1);
    assertThat(npz(file, "peak_region_start").doubles())
        .containsExactly(42, 44, 46, 48, 50, 52, 41, 43, 45, 47, 49, 51);
    assertThat(npz(file, "peak_id").doubles()[11]).isEqualTo(11);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] names = zip.getInputStream(zip.getEntry("peak_name.npy")).readAllBytes();
      assertThat(new String(names, StandardCharsets.ISO_8859_1)).contains("'<U2'", "(12,)");
      assertThat(names).endsWith(new byte[] {'r', 0, 0, 0, 'l', 0, 0, 0});
    }
  }

  @Test
  void theWindowIsTheMiddleAndTheBedFollowsTheStrand(SparkSession spark) throws Exception {
    rows.clear();
    rows.add(ScoreTables.random("f", "AACCGGTTACG", "chr1:100-111(+)"));
    rows.add(ScoreTables.random("r", "AACCGGTTACG", "chr1:200-211(-)"));
    Path to =
        export(
            spark,
            ExportFormat.MODISCO,
            new ArrayOptions(4, RowOrder.ID, 0, 0, UnknownRows.DROP, false));
    float[] oneHot = npz(to.resolve("ohe.npz"), "arr_0").floats();
    // Positions 3 to 6: CGGT.
    assertThat(oneHot)
        .startsWith(0, 0, 0, 0, /* C */ 1, 0, 0, 0, /* G */ 0, 1, 1, 0, /* T */ 0, 0, 0, 1);
    assertThat(Files.readAllLines(to.resolve("rows.bed")))
        .containsExactly("chr1\t103\t107\tf\t0\t+", "chr1\t204\t208\tr\t0\t-");
  }

  @Test
  void unknownBasesAreDroppedOrMasked(SparkSession spark) throws Exception {
    rows.clear();
    rows.add(ScoreTables.random("a", "ACGTNACGTAC", null));
    rows.add(ScoreTables.random("b", "ACGTAACGTAC", null));
    Path to = export(spark, ExportFormat.MODISCO, ALL);
    assertThat(npz(to.resolve("hyp.npz"), "arr_0").shape()).containsExactly(1, 4, LENGTH);
    assertThat(Files.readAllLines(to.resolve("rows.tsv"))).containsExactly("index\tid", "0\tb");
    assertThat(printed).contains("1 rows with unknown bases left out");

    to =
        export(
            spark,
            ExportFormat.MODISCO,
            new ArrayOptions(0, RowOrder.ID, 0, 0, UnknownRows.MASK, false));
    float[] hypothetical = npz(to.resolve("hyp.npz"), "arr_0").floats();
    float[] oneHot = npz(to.resolve("ohe.npz"), "arr_0").floats();
    assertThat(hypothetical).hasSize(2 * 4 * LENGTH);
    for (int letter = 0; letter < 4; letter++) {
      assertThat(hypothetical[letter * LENGTH + 4]).isZero();
      assertThat(oneHot[letter * LENGTH + 4]).isZero();
    }
    assertThat(printed).contains("1 rows with unknown bases masked");
  }

  @Test
  void hostileIdsStayTextsOfOneLine(SparkSession spark) throws Exception {
    rows.clear();
    for (String id : List.of("=cmd()", "<script>", "\"a,b\"", "z\n9\tforged")) {
      rows.add(ScoreTables.random(id, "ACGTAACGTAC", null));
    }
    Path to = export(spark, ExportFormat.MODISCO, ALL);
    assertThat(Files.readAllLines(to.resolve("rows.tsv")))
        .containsExactly("index\tid", "0\t'\"a,b\"", "1\t<script>", "2\t'=cmd()", "3\tz 9 forged");
  }

  @Test
  void aSampleIsTheSameEveryTimeAndACapTakesTheFirst(SparkSession spark) throws Exception {
    ArrayOptions sample = new ArrayOptions(0, RowOrder.ID, 0, 5, UnknownRows.DROP, false);
    List<String> first =
        Files.readAllLines(export(spark, ExportFormat.MODISCO, sample).resolve("rows.bed"));
    List<String> second =
        Files.readAllLines(export(spark, ExportFormat.MODISCO, sample).resolve("rows.bed"));
    assertThat(first).hasSize(5).isEqualTo(second);

    ArrayOptions best = new ArrayOptions(0, RowOrder.PREDICTION, 3, 0, UnknownRows.DROP, false);
    List<String> top =
        rows.stream()
            .sorted((a, b) -> Double.compare(sum(b.observed()), sum(a.observed())))
            .limit(3)
            .map(Scored::id)
            .toList();
    assertThat(Files.readAllLines(export(spark, ExportFormat.MODISCO, best).resolve("rows.bed")))
        .extracting(line -> line.split("\t")[3])
        .containsExactlyElementsOf(top);
  }

  private static double sum(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += number;
    }
    return sum;
  }

  @Test
  void refusesRowsThatMakeNoArray(SparkSession spark) {
    rows.add(ScoreTables.random("z", "ACGT", null));
    assertThatThrownBy(() -> export(spark, ExportFormat.MODISCO, ALL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot export row z: 4 positions, the rows before it have 11; arrays hold rows of one"
                + " length");
    assertThatThrownBy(
            () ->
                export(
                    spark,
                    ExportFormat.MODISCO,
                    new ArrayOptions(12, RowOrder.ID, 0, 0, UnknownRows.DROP, false)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --window 12: the rows have 11 positions");
  }
}
