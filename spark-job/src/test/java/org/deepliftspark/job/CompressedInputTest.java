package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.EdgePolicy;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.io.SourceSchema;
import org.deepliftspark.job.io.ZstdCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every text format, compressed, from folders and patterns. */
@ExtendWith(SparkHarness.class)
class CompressedInputTest extends JobTestBase {

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Configuration configuration = new Configuration();
    CompressionCodec codec =
        name.toLowerCase(Locale.ROOT).matches(".*\\.zstd?")
            ? new ZstdCodec()
            : new CompressionCodecFactory(configuration)
                .getCodec(
                    new org.apache.hadoop.fs.Path(
                        name.toLowerCase(Locale.ROOT).replaceFirst("bgz$", "gz")));
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out = codec == null ? raw : codec.createOutputStream(raw)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private List<String> sequences(SparkSession spark, String input, String genome) {
    return SequenceSource.open(
            spark,
            new HadoopFiles(new Configuration()),
            new SequenceSource.Request(
                List.of(folder.resolve(input).toString()),
                SequenceSource.Request.AUTO,
                List.of(),
                null,
                List.of(),
                new SequenceSource.GenomeRequest(genome, EdgePolicy.PAD)),
            model.graph().inputs())
        .rows()
        .collectAsList()
        .stream()
        .map(row -> row.getString(SourceSchema.INPUTS_AT))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".gz", ".bz2", ".zst", ".bgz", ".zstd", ".GZ", ".BGZ", ".BZ2", ".ZST", ".ZSTD"
      })
  void textIsReadWhateverItsCompression(String suffix, SparkSession spark) throws Exception {
    String bases = "ACGTTACGGACTTTGACCA";
    String genome = file("g.fa", ">c\n" + bases + "\n").toString();
    write("fasta/deep/a.fa" + suffix, ">x\nACGT\nAC\n");
    write("fasta/b.fasta", ">y\nTTTT\n");
    write("bed/a.bed" + suffix, "c\t0\t12\n");
    write("bed/b.narrowPeak" + suffix, "c\t1\t9\t.\t0\t.\t1\t1\t1\t6\n");
    write("vcf/a.vcf" + suffix, "#CHROM\tPOS\nc\t8\t.\tG\tT\t.\t.\t.\n");
    write("csv/a.csv" + suffix, "id,sequence\n1,ACGT\n");
    write("json/a.json" + suffix, "{\"id\": 1, \"sequence\": \"ACGT\"}\n");
    assertThat(sequences(spark, "fasta", null)).containsExactly("ACGTAC", "TTTT");
    assertThat(sequences(spark, "bed/*", genome))
        .containsExactly(bases.substring(0, 12), bases.substring(1, 13));
    assertThat(sequences(spark, "vcf", genome)).containsExactly(bases.substring(1, 13));
    assertThat(sequences(spark, "csv/a.*", null)).containsExactly("ACGT");
    assertThat(sequences(spark, "json", null)).containsExactly("ACGT");
  }

  @ParameterizedTest
  @CsvSource({
    "x.fa.Gz,auto",
    "x.fasta.xz,auto",
    "x.bed.zip,auto",
    "x.vcf.Zst,auto",
    "x.csv.Bz2,csv",
    "x.tsv.7z,auto",
    "x.json.lzma,auto"
  })
  void whatCannotBeUnpackedIsOneLine(String name, String format, SparkSession spark)
      throws Exception {
    Path file = file(name, "no text");
    String genome = file("g.fa", ">c\nACGTTACGGACTTTGACCA\n").toString();
    boolean places = name.contains(".bed") || name.contains(".vcf");
    String[] options = {"--input-format=" + format, "--genome=" + genome};
    assertThatThrownBy(() -> score(spark, file, places ? options : new String[] {options[0]}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read "
                + name
                + ": expected no compression, or one that is told by .gz, .bgz, .bz2, .zst or"
                + " .zstd, found "
                + name.substring(name.lastIndexOf('.'))
                + ". Compress it in one of these ways, or rename it if it is");
  }

  @Test
  void aPatternOfFilesOfEveryCompressionIsOneJob(SparkSession spark) throws Exception {
    String[] sequences = TestModel.sequences(5, 1);
    List<String> names =
        List.of("a/x.fa", "a/x.fa.gz", "b/x.fa.zst", "b/deep/x.fa.bz2", "a/y.fasta");
    for (int i = 0; i < names.size(); i++) {
      write("in/" + names.get(i), ">s" + i + "\n" + sequences[i] + "\n");
    }
    score(spark, folder.resolve("in/[ab]"));
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).hasSize(5);
    for (int i = 0; i < 5; i++) {
      assertThat(rows.get("s" + i).<Double>getAs("prediction"))
          .isCloseTo(model.predict(sequences[i], 0), within(1e-5));
    }
  }
}
