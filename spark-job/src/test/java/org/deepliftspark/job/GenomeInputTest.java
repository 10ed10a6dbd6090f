package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.genome.GenomeFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals with the bases of a genome. The model's windows are 12 bases long. */
@ExtendWith(SparkHarness.class)
class GenomeInputTest extends JobTestBase {
  private static final String ALL = "--max-rejected-fraction=1";

  /** Compressed and indexed by samtools: three blocks of at most 65,280 bytes. */
  private static final Path BGZIP = Path.of("src/test/resources/genome/small.fa.gz");

  private final Map<String, String> chroms = new LinkedHashMap<>();

  GenomeInputTest() {
    chroms.put("chr1", draw(400, 1));
    chroms.put("chr2", draw(150, 2));
  }

  private static String draw(int length, long seed) {
    Random random = new Random(seed);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < length; i++) {
      letters.append("ACGTacgt".charAt(random.nextInt(8)));
    }
    return letters.toString();
  }

  private Path genome(String name) throws Exception {
    StringBuilder text = new StringBuilder();
    chroms.forEach(
        (chrom, letters) -> {
          text.append('>').append(chrom).append('\n');
          for (int at = 0; at < letters.length(); at += 50) {
            text.append(letters, at, Math.min(letters.length(), at + 50)).append('\n');
          }
        });
    return file(name, text.toString());
  }

  private String window(String chrom, int start) {
    return chroms.get(chrom).substring(start, start + 12).toUpperCase(java.util.Locale.ROOT);
  }

  private Map<String, String> sequences(SparkSession spark) {
    Map<String, String> found = new TreeMap<>();
    scoresById(spark).forEach((id, row) -> found.put(id, row.getAs("sequence")));
    return found;
  }

  @Test
  void windowsLieRoundSummitsAndMiddles(SparkSession spark) throws Exception {
    Path bed =
        file(
            "peaks.bed",
            "track name=x\n# remark\nbrowser position chr1\n\n"
                + "chr1\t100\t112\n" // as long as the window
                + "chr1\t200\t231\tname\t5\t+\textra\n" // middle 215
                + "chr2\t50\t90\tname\t5\t-\n" // middle 70
                + "chr1\t300\t390\tp\t1\t.\t2.5\t-1\t-1\t20\r\n" // summit 320
                + "chr1\t300\t390\tp\t1\t-\t2.5\t-1\t-1\t70\n" // another summit, 370
                + "chr1\t300\t391\tp\t1\t.\t2.5\t-1\t-1\t-1\n"); // no summit: middle 345
    RunReport report = score(spark, bed, "--genome=" + genome("g.fa"));
    assertThat(report.rejected()).isEmpty();
    assertThat(sequences(spark))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "chr1:100-112", window("chr1", 100),
                "chr1:209-221(+)", window("chr1", 209),
                "chr2:64-76(-)", DnaAlphabet.reverseComplement(window("chr2", 64)),
                "chr1:314-326", window("chr1", 314),
                "chr1:364-376(-)", DnaAlphabet.reverseComplement(window("chr1", 364)),
                "chr1:339-351", window("chr1", 339)));
    Row row = scoresById(spark).get("chr2:64-76(-)");
    assertThat(row.<String>getAs("chrom")).isEqualTo("chr2");
    assertThat(row.<Long>getAs("start")).isEqualTo(64);
    assertThat(row.<Long>getAs("end")).isEqualTo(76);
    assertThat(row.<String>getAs("strand")).isEqualTo("-");
    assertThat(row.<Double>getAs("prediction"))
        .isCloseTo(
            model.predict(DnaAlphabet.reverseComplement(window("chr2", 64)), 0), within(1e-5));
  }

  @Test
  void columnsOfNarrowPeakAreKeptAndName(SparkSession spark) throws Exception {
    Path bed =
        gzip("x.narrowPeak.gz", "chr1\t100\t190\tpeak7\t900\t.\t2.5\t3\t4\t20\nchr1\t5\t25\n");
    RunReport report =
        score(
            spark,
            bed,
            "--genome=" + genome("g.fa"),
            "--id-col=name",
            "--keep-cols=qValue,peak",
            ALL);
    assertThat(report.rejected()).containsExactly(Map.entry("no id", 1L));
    Row row = scoresById(spark).get("peak7");
    assertThat(row.<String>getAs("qValue")).isEqualTo("4");
    assertThat(row.<String>getAs("peak")).isEqualTo("20");
    assertThat(row.<Long>getAs("start")).isEqualTo(114);
  }

  private Path gzip(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void bgzipAndTwoBitGiveTheRowsOfPlainFasta(SparkHarness harness, SparkSession spark)
      throws Exception {
    Path plain = folder.resolve("plain.fa");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(BGZIP))) {
      Files.copy(in, plain);
    }
    StringBuilder bed = new StringBuilder();
    for (int start = 0; start < 140_000; start += 7_001) { // 64,203 to 64,215 lies in two blocks
      bed.append("chr1\t").append(start).append('\t').append(start + 40).append('\n');
    }
    bed.append("chr1\t64203\t64215\nchr1\t128410\t128425\nchr2\t29990\t30011\tx\t0\t-\n");
    Path input = file("x.bed", bed.toString());
    Path expected = folder.resolve("expected");
    score(spark, input, "--genome=" + plain, "--output=" + expected);
    for (Path genome : List.of(BGZIP, twoBit(plain))) {
      score(spark, input, "--genome=" + genome, "--mode=overwrite");
      harness.assertSameRows(spark.read().parquet(expected.toString()), scores(spark));
    }
    assertThat(scoresById(spark)).hasSize(23);
  }

  /** The genome of a FASTA file. */
  private Path twoBit(Path fasta) throws Exception {
    Map<String, StringBuilder> letters = new LinkedHashMap<>();
    StringBuilder last = null;
    for (String line : Files.readAllLines(fasta)) {
      if (line.startsWith(">")) {
        last = new StringBuilder();
        letters.put(line.substring(1), last);
      } else {
        last.append(line.toUpperCase(Locale.ROOT));
      }
    }
    Map<String, String> chroms = new LinkedHashMap<>();
    letters.forEach((chrom, bases) -> chroms.put(chrom, bases.toString()));
    byte[] bytes = GenomeFiles.twoBit(chroms, ByteOrder.LITTLE_ENDIAN, 0);
    return Files.write(folder.resolve("g.2bit"), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"g.fa", "g.2bit"})
  void anotherGenomeBehindThePathIsNoticedByAResume(String name, SparkSession spark)
      throws Exception {
    Path fasta = genome("g.fa");
    Path genome = name.equals("g.fa") ? fasta : twoBit(fasta);
    Path in = Files.createDirectory(folder.resolve("in"));
    file("in/a.bed", "chr1\t100\t112\n");
    String[] options = {"--genome=" + genome, "--mode=resume"};
    score(spark, in, options);
    // a copy, now with its index
    byte[] bytes = Files.readAllBytes(genome);
    Files.delete(genome);
    Files.write(genome, bytes);
    if (name.equals("g.fa")) {
      file("g.fa.fai", "chr1\t400\t6\t50\t51\nchr2\t150\t420\t50\t51\n");
    }
    file("in/b.bed", "chr1\t200\t212\n");
    assertThat(score(spark, in, options).scored()).isEqualTo(1);
    // other bases, as many
    bytes[bytes.length - 5] = (byte) (bytes[bytes.length - 5] == 'A' ? 'C' : 'A');
    Files.write(genome, bytes);
    file("in/c.bed", "chr1\t300\t312\n");
    for (String mode : List.of("--mode=resume", "--mode=append")) {
      assertThatThrownBy(() -> score(spark, in, options[0], mode))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching(
              "Cannot add to "
                  + output()
                  + ": its scores were made with another --genome: expected the fingerprint"
                  + " [0-9a-f]{64} \\(_deeplift/run.json\\), found the fingerprint [0-9a-f]{64}\\."
                  + " Give the same, or another --output");
    }
    // records of older versions do not tell
    editRecord(text -> text.replaceFirst("\"fingerprints\" : \\{[^}]*},\\s*", ""));
    assertThat(score(spark, in, options).scored()).isEqualTo(1);
  }

  @Test
  void windowsBeyondTheChromosomeArePaddedOrRejected(SparkSession spark) throws Exception {
    Path bed = file("x.bed", "chr1\t0\t4\nchr2\t146\t150\nchr2\t149\t170\nchr2\t900\t910\n");
    String genome = "--genome=" + genome("g.fa");
    RunReport padded = score(spark, bed, genome, ALL);
    assertThat(padded.rejected()).containsExactly(Map.entry("off the chromosome", 2L));
    assertThat(sequences(spark))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "chr1:-4-8", "NNNN" + window("chr1", 0).substring(0, 8),
                "chr2:142-154", chroms.get("chr2").substring(142).toUpperCase() + "NNNN"));
    assertThatThrownBy(
            () -> score(spark, bed, genome, "--off-chromosome=reject", "--mode=overwrite", ALL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "No row can be scored: 4 of 4 rows rejected (4 off the chromosome;");
  }

  @Test
  void rowsThatHaveNoWindowKeepTheirReason(SparkSession spark) throws Exception {
    Path bed =
        file(
            "x.bed",
            "chr1\t100\t112\nchr9\t100\t112\nchr1\t112\t100\nnonsense\nchr1\t-4\t9\n"
                + "chr1\t1\t9\tp\t1\t.\t1\t1\t1\t99\n"
                + "chr1\t99999999999999999999\t9\n");
    RunReport report = score(spark, bed, "--genome=" + genome("g.fa"), ALL);
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(Map.of("not BED", 5L, "unknown chromosome", 1L));
    List<String> details =
        rejected(spark).selectExpr("detail").orderBy("detail").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(details)
        .contains(
            "chromosome chr9 is not in the genome",
            "expected chromosome, start and end between tabs, found 'nonsense'");
    assertThat(sequences(spark)).containsOnlyKeys("chr1:100-112");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such.fa|Cannot read FOLDER/no-such.fa: no such file",
        "plain.fa.gz|Cannot read genome FOLDER/plain.fa.gz: it is gzip, which cannot be read at any place; compress it with bgzip, then samtools faidx",
        "notes.txt|Cannot read FOLDER/notes.txt: not FASTA, expected '>' at the start of the first line",
        "bad.fa|Cannot read FOLDER/bad.fa.fai: line 1 is not 'name, bases, offset, bases per line, bytes per line'; make it anew with samtools faidx",
        "cut.fa|Cannot read chr1 of FOLDER/cut.fa: the file does not match its .fai index, or was cut; make the index anew with samtools faidx",
        "cut.2bit|Cannot read FOLDER/cut.2bit: it ends at byte 6, cut or damaged"
      })
  void aGenomeThatCannotBeReadIsOneLine(String name, String message, SparkSession spark)
      throws Exception {
    gzip("plain.fa.gz", ">chr1\nACGT\n");
    file("notes.txt", "notes\n");
    Files.copy(genome("g.fa"), folder.resolve("bad.fa"));
    file("bad.fa.fai", "chr1\tx\n");
    Files.copy(folder.resolve("g.fa"), folder.resolve("cut.fa"));
    file("cut.fa.fai", "chr1\t400\t900\t50\t51\n");
    Files.write(folder.resolve("cut.2bit"), new byte[] {0x43, 0x27, 0x41, 0x1A, 0, 0});
    Path bed = file("x.bed", "chr1\t100\t112\n");
    assertThatThrownBy(() -> score(spark, bed, "--genome=" + folder.resolve(name)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message.replace("FOLDER", folder.toString()));
  }

  @Test
  void aGenomeGoesWithIntervalsOnly(SparkSession spark) throws Exception {
    Path bed = file("x.bed", "chr1\t100\t112\n");
    assertThatThrownBy(() -> score(spark, bed))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Missing option --genome for BED input: a FASTA file with .fai, or 2bit");
    assertThatThrownBy(() -> score(spark, bed, "--genome=" + genome("g.fa"), "--keep-cols=nope"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid --keep-cols nope: no such column of BED; columns: chrom,");
    Path fasta = fasta("in.fa", "ACGTACGTACGT");
    assertThatThrownBy(() -> score(spark, fasta, "--genome=" + genome("g.fa")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --genome: input of format fasta names no places; a genome is for bed, vcf and"
                + " tables of variants");
  }
}
