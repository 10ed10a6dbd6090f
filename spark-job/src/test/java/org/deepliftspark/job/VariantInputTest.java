package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Variants with the bases of a genome. The model's windows are 12 bases long. */
@ExtendWith(SparkHarness.class)
class VariantInputTest extends JobTestBase {
  private static final String ALL = "--max-rejected-fraction=1";
  private static final String RESUME = "--mode=resume";
  //                                  123456789012345678901234567890
  private static final String CHROM = "ACGGTTCAGGCTTACGATCCGATTAGCCTA";

  private Path genome() throws Exception {
    return file("g.fa", ">chr1\n" + CHROM.toLowerCase() + "\n");
  }

  private Path vcf(String... lines) throws Exception {
    Path file = folder.resolve("x.vcf.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      String head = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
      out.write((head + String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void bothAllelesAreScoredWithTheirDifference(SparkSession spark) throws Exception {
    Path vcf =
        vcf(
            "chr1\t13\trs1\tT\tG,c\t9\tPASS\tA=1",
            "chr1\t13\trs2\tT\tTAAC\t9\tPASS\t.",
            "chr1\t13\trs3\tTACG\tT\t9\tPASS\t.",
            "chr1\t13\trs4\tA\tG\t9\tPASS\t.",
            "chr1\t13\trs5\tT\t<DEL>\t9\tPASS\t.",
            "chr1\t13\trs6\tT\tTTTTTTTTT\t9\tPASS\t.",
            "chr2\t13\trs7\tT\tG\t9\tPASS\t.",
            "chr1\tx\trs8\tT\tG\t9\tPASS\t.",
            "chr1\t99\trs9\tT\tG\t9\tPASS\t.");
    RunReport report =
        score(spark, vcf, "--genome=" + genome(), "--keep-cols=ID", "--hypothetical", ALL);
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "REF differs from the genome", 1L,
                "symbolic allele", 1L,
                "allele too long", 1L,
                "unknown chromosome", 1L,
                "not a variant", 1L,
                "off the chromosome", 1L));
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows)
        .containsOnlyKeys("chr1:13:T>G", "chr1:13:T>c", "chr1:13:T>TAAC", "chr1:13:TACG>T");
    // The window begins 6 bases before the variant, which is base 12 counted from 0.
    check(rows.get("chr1:13:T>G"), "CAGGCTTACGAT", "CAGGCTGACGAT");
    check(rows.get("chr1:13:T>c"), "CAGGCTTACGAT", "CAGGCTCACGAT");
    check(rows.get("chr1:13:T>TAAC"), "CAGGCTTACGAT", "CAGGCTTAACAC");
    check(rows.get("chr1:13:TACG>T"), "CAGGCTTACGAT", "CAGGCTTATCCG");
    Row snv = rows.get("chr1:13:T>G");
    assertThat(snv.<String>getAs("chrom") + snv.<Long>getAs("start") + snv.<Long>getAs("end"))
        .isEqualTo("chr1618");
    assertThat(snv.<Long>getAs("position")).isEqualTo(13);
    assertThat(
            snv.<String>getAs("ref") + snv.<String>getAs("alt") + snv.<String>getAs("variant_id"))
        .isEqualTo("TGrs1");
    float[] reference = floats(snv, "contributions");
    float[] alternate = floats(snv, "contributions_alt");
    float[] difference = floats(snv, "contributions_difference");
    for (int i = 0; i < 12; i++) {
      assertThat(difference[i]).isCloseTo(alternate[i] - reference[i], within(1e-6f));
    }
    // Both windows have the same references, so their predictions cancel.
    assertThat(sum(difference)).isCloseTo(snv.<Double>getAs("prediction_difference"), within(1e-5));
    assertThat(floats(snv, "hypothetical_alt")).hasSize(48);
  }

  private void check(Row row, String reference, String alternate) {
    assertThat(row.<String>getAs("sequence")).isEqualTo(reference);
    assertThat(row.<String>getAs("sequence_alt")).isEqualTo(alternate);
    double of = model.predict(reference, 0);
    double ofAlternate = model.predict(alternate, 0);
    assertThat(row.<Double>getAs("prediction")).isCloseTo(of, within(1e-5));
    assertThat(row.<Double>getAs("prediction_alt")).isCloseTo(ofAlternate, within(1e-5));
    assertThat(row.<Double>getAs("prediction_difference"))
        .isCloseTo(ofAlternate - of, within(1e-5));
    assertThat(sum(floats(row, "contributions_alt")))
        .isCloseTo(
            ofAlternate
                - row.<Double>getAs("reference_prediction")
                + row.<Double>getAs("convergence_delta_alt"),
            within(1e-5));
  }

  @Test
  void shortLinesAndMissingIdsAreRejectedRowsInAnyDialect(SparkSession spark) throws Exception {
    Path vcf = vcf("chr1\t13\trs1\tT\tG", "chr1\t13", "chr1\t13\t.\tT\tG\t9\tPASS\tA=1");
    String before = spark.conf().get("spark.sql.ansi.enabled");
    spark.conf().set("spark.sql.ansi.enabled", "true");
    try {
      RunReport report =
          score(spark, vcf, "--genome=" + genome(), "--id-col=ID", "--keep-cols=INFO", ALL);
      assertThat(report.rejected())
          .containsExactlyInAnyOrderEntriesOf(Map.of("not a variant", 1L, "no id", 1L));
      assertThat(scoresById(spark)).containsOnlyKeys("rs1");
    } finally {
      spark.conf().set("spark.sql.ansi.enabled", before);
    }
  }

  @Test
  void everyAlternateAlleleOfALineHasAnIdOfItsOwn(SparkSession spark) throws Exception {
    Path vcf = vcf("chr1\t13\trs1\tT\tG,C\t9\tPASS\t.", "chr1\t10\trs2\tG\tA\t9\tPASS\t.");
    String[] options = {"--genome=" + genome(), "--id-col=ID"};
    assertThat(score(spark, vcf, options).rejected()).isEmpty();
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).containsOnlyKeys("rs1:G", "rs1:C", "rs2");
    assertThat(rows.get("rs1:C").<String>getAs("sequence_alt")).isEqualTo("CAGGCTCACGAT");
    Path more =
        vcf(
            "chr1\t13\trs1\tT\tA,C,G\t9\tPASS\t.", // alleles have other numbers now
            "chr1\t10\trs2\tG\tA\t9\tPASS\t.",
            "chr1\t12\t.\tT\tA,C\t9\tPASS\t.");
    RunReport resumed =
        score(
            spark,
            more,
            Stream.concat(Arrays.stream(options), Stream.of(RESUME, ALL)).toArray(String[]::new));
    assertThat(resumed.scored()).isEqualTo(1);
    assertThat(resumed.rejected()).containsExactly(Map.entry("no id", 2L));
    assertThat(scoresById(spark)).containsOnlyKeys("rs1:G", "rs1:C", "rs1:A", "rs2");
  }

  @Test
  void aTableOfVariantsIsScoredWithAGenome(SparkSession spark) throws Exception {
    Path table =
        file("x.tsv", "Chrom\tPos\tRef\tAlt\tbeta\nchr1\t13\tT\tG\t0.5\nchr1\t2\tC\tA\t0.7\n");
    RunReport report =
        score(
            spark,
            table,
            "--genome=" + genome(),
            "--keep-cols=beta",
            "--off-chromosome=reject",
            ALL);
    assertThat(report.rejected()).containsExactly(Map.entry("off the chromosome", 1L));
    Row row = scoresById(spark).get("chr1:13:T>G");
    assertThat(row.<String>getAs("beta")).isEqualTo("0.5");
    assertThat(row.<String>getAs("sequence_alt")).isEqualTo("CAGGCTGACGAT");
    Path other = file("y.tsv", "a\tb\n1\t2\n");
    assertThatThrownBy(() -> score(spark, other, "--genome=" + genome()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read variants: --genome with a table needs its columns chrom, pos, ref and alt;"
                + " columns: a, b");
  }
}
