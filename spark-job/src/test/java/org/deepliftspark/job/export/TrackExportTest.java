package org.deepliftspark.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.SparkHarness;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreTables;
import org.deepliftspark.job.scores.ScoreTables.Encoding;
import org.deepliftspark.job.scores.ScoreTables.Scored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkHarness.class)
class TrackExportTest {
  private static final Scored FORWARD =
      ScoreTables.random("f", ScoreTables.sequence(30, 1), "chr2:100-130(+)");
  private static final Scored REVERSE =
      ScoreTables.random("r", ScoreTables.sequence(30, 2), "chr10:1000-1030(-)");
  private static final Scored UNPLACED = ScoreTables.random("u", ScoreTables.sequence(30, 3), null);
  private static final Scored OTHER_LENGTH =
      ScoreTables.random("o", ScoreTables.sequence(30, 4), "chr2:500-510(+)");

  @TempDir Path folder;

  private String export(SparkSession spark, ExportFormat format, String sizes, Path to)
      throws Exception {
    if (!Files.exists(folder.resolve("scores"))) {
      ScoreTables.write(
          spark,
          folder.resolve("scores"),
          Encoding.FULL,
          List.of(FORWARD, REVERSE, UNPLACED, OTHER_LENGTH));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TrackExport.run(
        ScoreReader.open(spark, folder.resolve("scores").toString(), null),
        format,
        Overlap.NEAREST,
        sizes,
        to.toString(),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static float[] reversed(float[] numbers) {
    float[] turned = new float[numbers.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = numbers[turned.length - 1 - i];
    }
    return turned;
  }

  @Test
  void rowsOfTheReverseStrandAreTurned(SparkSession spark) throws Exception {
    Path file = folder.resolve("track.bw");
    String printed = export(spark, ExportFormat.BIGWIG, null, file);
    BigWigReader reader = new BigWigReader(file);
    assertThat(reader.values("chr2", 100, 130)).containsExactly(FORWARD.observed());
    assertThat(reader.values("chr10", 1000, 1030)).containsExactly(reversed(REVERSE.observed()));
    assertThat(reader.sizes).containsEntry("chr2", 510).containsEntry("chr10", 1030);
    assertThat(printed).isEqualTo("2 rows in " + file + "\n2 rows without a place left out\n");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(path -> path.toString().contains("partial"))).isEmpty();
    }
  }

  @Test
  void chromosomeLengthsComeFromAFile(SparkSession spark) throws Exception {
    Path sizes = folder.resolve("chrom.sizes");
    Files.writeString(sizes, "chr1\t9999\nchr2\t700\t5\nchr10\t2000\n");
    Path file = folder.resolve("track.bw");
    export(spark, ExportFormat.BIGWIG, sizes.toString(), file);
    assertThat(new BigWigReader(file).sizes).hasSize(2).containsEntry("chr2", 700);

    Files.writeString(sizes, "chr1 9999\n");
    assertThatThrownBy(() -> export(spark, ExportFormat.BIGWIG, sizes.toString(), file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid line 1 of "
                + sizes
                + ": expected a chromosome and its length, separated by a tab");
  }

  @Test
  void bedGraphIsCompressedByItsName(SparkSession spark) throws Exception {
    Path plain = folder.resolve("track.bedgraph");
    Path gzip = folder.resolve("track.bedgraph.gz");
    export(spark, ExportFormat.BEDGRAPH, null, plain);
    export(spark, ExportFormat.BEDGRAPH, null, gzip);
    String text = Files.readString(plain);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(gzip))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
    }
    assertThat(text).startsWith("chr10\t1000\t").contains("chr2\t100\t");
  }

  @Test
  void refusesATableWithoutPlaces(SparkSession spark) {
    ScoreTables.write(spark, folder.resolve("scores"), Encoding.ARRAY, List.of(UNPLACED));
    assertThatThrownBy(() -> export(spark, ExportFormat.BIGWIG, null, folder.resolve("track.bw")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot make a track of "
                + folder.resolve("scores")
                + ": no row has a place. FASTA names such as chr1:100-300(+) or BED input give one");
  }
}
