package org.deepliftspark.job.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.spark.api.java.function.ForeachFunction;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.genome.Genome;
import org.deepliftspark.engine.genome.GenomeFiles;
import org.deepliftspark.job.SparkHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Genomes on local files, with and without checksums, and on another file system of Hadoop. */
@ExtendWith(SparkHarness.class)
class GenomeFileTest {
  /** Of FASTA five blocks of those that are read together, of 2bit two. */
  private static final int BASES = 300_000;

  private static final int LINE = 60;
  private static final String LETTERS = GenomeFiles.draw(BASES, 1);

  @TempDir Path folder;

  private final Configuration configuration = CountedFiles.configuration();

  /** Writes the genome in every format. */
  private List<Path> write(FileSystem fs) throws Exception {
    Map<String, String> chroms = Map.of("chr1", LETTERS);
    byte[] fasta = GenomeFiles.fasta(chroms, LINE, "\n");
    GenomeFiles.Bgzf bgzf = GenomeFiles.bgzf(fasta, 60_000);
    int head = ">chr1 a description\n".length();
    byte[] fai =
        "chr1\t%d\t%d\t%d\t%d\n"
            .formatted(BASES, head, LINE, LINE + 1)
            .getBytes(StandardCharsets.US_ASCII);
    write(fs, "g.fa.gz.fai", fai);
    write(fs, "g.fa.gz.gzi", bgzf.gzi());
    return List.of(
        write(fs, "g.fa", fasta),
        write(fs, "g.fa.gz", bgzf.bytes()),
        write(fs, "g.2bit", GenomeFiles.twoBit(chroms, ByteOrder.LITTLE_ENDIAN, 0)));
  }

  private Path write(FileSystem fs, String name, byte[] bytes) throws Exception {
    Path file = folder.resolve(name);
    try (OutputStream out = fs.create(new org.apache.hadoop.fs.Path(file.toString()))) {
      out.write(bytes);
    }
    return file;
  }

  private GenomeFile find(String path) {
    return GenomeFile.find(new HadoopFiles(configuration), configuration, path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local with checksums", "another"})
  void everyWindowOnAnyFileSystemIsThatOfTheGenome(String kind) throws Exception {
    LocalFileSystem local = FileSystem.getLocal(configuration);
    boolean checksums = kind.equals("local with checksums");
    for (Path file : write(checksums ? local : local.getRaw())) {
      assertThat(Files.exists(folder.resolve("." + file.getFileName() + ".crc")))
          .isEqualTo(checksums);
      int open = CountedFiles.OPEN.get();
      String path = kind.equals("another") ? CountedFiles.path(file) : file.toString();
      try (Genome genome = find(path).open()) {
        for (int start = -500; start < BASES; start += 997) { // ascending
          check(genome, start, start + 1000);
        }
        for (int start = BASES; start > -500; start -= 7919) { // larger than a block too
          check(genome, start, start + (start % 2 == 0 ? 12 : 140_000));
        }
        check(genome, 0, BASES);
      }
      assertThat(CountedFiles.OPEN).hasValue(open);
    }
  }

  private static void check(Genome genome, int start, int end) {
    int from = Math.max(0, start);
    int to = Math.min(BASES, end);
    String expected = "N".repeat(from - start) + LETTERS.substring(from, to) + "N".repeat(end - to);
    assertThat(genome.padded("chr1", start, end).toUpperCase(Locale.ROOT))
        .as("%s-%s", start, end)
        .isEqualTo(expected.toUpperCase(Locale.ROOT));
  }

  @Test
  void aGenomeThatCannotBeOpenedIsClosed() throws Exception {
    Path cut = Files.write(folder.resolve("cut.2bit"), new byte[] {0x43, 0x27, 0x41, 0x1A, 0, 0});
    int open = CountedFiles.OPEN.get();
    int opened = CountedFiles.OPENED.get();
    assertThatThrownBy(() -> find(CountedFiles.path(cut)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read %s: it ends at byte 6, cut or damaged", CountedFiles.path(cut));
    assertThat(CountedFiles.OPENED.get()).isGreaterThan(opened);
    assertThat(CountedFiles.OPEN).hasValue(open);
  }

  @Test
  void noStreamIsLeftOpenWhenATaskEnds(SparkSession spark) throws Exception {
    Path fasta = write(FileSystem.getLocal(configuration).getRaw()).get(0);
    WindowReader.Spec windows =
        new WindowReader.Spec(find(CountedFiles.path(fasta)), EdgePolicy.PAD, 100);
    InputColumn column = new InputColumn("x", InputColumn.Kind.SEQUENCE, DataTypes.StringType);
    List<String> lines = new ArrayList<>();
    for (int start = 0; start < 1000; start += 10) {
      lines.add("chr1\t" + start + "\t" + (start + 100));
    }
    Dataset<Row> rows =
        spark
            .createDataset(lines, Encoders.STRING())
            .repartition(3)
            .mapPartitions(
                new BedFunction(windows, null, List.of()),
                Encoders.row(SourceSchema.of(List.of(column), List.of())));
    int open = CountedFiles.OPEN.get();
    int opened = CountedFiles.OPENED.get();
    assertThat(rows.collectAsList()).hasSize(100);
    assertThat(CountedFiles.OPENED).hasValue(opened + 3);
    rows.foreachPartition((ForeachPartitionFunction<Row>) Iterator::next);
    ForeachFunction<Row> fails =
        row -> {
          throw new IllegalStateException("stopped at " + row.getString(0));
        };
    assertThatThrownBy(() -> rows.foreach(fails)).hasMessageContaining("stopped at chr1:");
    assertThat(CountedFiles.OPENED.get()).isGreaterThan(opened + 6);
    assertThat(CountedFiles.OPEN).hasValue(open);
  }
}
