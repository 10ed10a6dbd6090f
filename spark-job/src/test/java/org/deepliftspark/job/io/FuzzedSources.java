package org.deepliftspark.job.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.deepliftspark.engine.encode.FastaRecords;
import org.deepliftspark.engine.npy.NpyFile;

/**
 * Opens this package's readers to the tests of hostile input; what Spark does itself is left out.
 */
public final class FuzzedSources {
  private static final int WINDOW = 12;
  private static final List<String> KEPT = List.of("name", "score", "peak");

  private final WindowReader.Spec windows;
  private final Configuration configuration;

  /**
   * @param genome FASTA with its index beside it
   */
  public FuzzedSources(Path genome) {
    configuration = new Configuration();
    GenomeFile file =
        GenomeFile.find(new HadoopFiles(configuration), configuration, genome.toString());
    windows = new WindowReader.Spec(file, EdgePolicy.PAD, WINDOW);
  }

  /** Records of FASTA as Spark's text source splits them. */
  public void fasta(String text) {
    List<Row> parts = new ArrayList<>();
    for (String part : text.split(FastaRecords.SEPARATOR, -1)) {
      parts.add(RowFactory.create(part, "file:/x.fa", 0L));
    }
    drain(new FastaFunction().call(parts.iterator()));
  }

  /** Lines of BED or narrowPeak. */
  public void bed(String text) {
    drain(new BedFunction(windows, "name", KEPT).call(text.lines().iterator()));
  }

  /** Lines of VCF. */
  public void variants(String text) {
    drain(variantRows(text));
  }

  Iterator<Row> variantRows(String text) {
    List<Row> rows = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] parts = Arrays.copyOf(line.split("\t", -1), 5);
        String id = parts[2];
        rows.add(RowFactory.create(line, parts[0], parts[1], parts[3], parts[4], id, id));
      }
    }
    return new VariantFunction(windows, true, 1).call(rows.iterator());
  }

  /** Two arrays of an {@code .npz} file, of rows {@code [3, 4]} and {@code [2]}. */
  public void arrays(Path file) {
    List<int[]> shapes = List.of(new int[] {3, 4}, new int[] {2});
    List<NpyFile> arrays =
        NpzFile.open(file.toString(), List.of("dna", "more"), shapes, configuration);
    for (NpyFile array : arrays) {
      array.rows(0, array.rows());
      array.close();
    }
  }

  private static void drain(Iterator<Row> rows) {
    while (rows.hasNext()) {
      rows.next();
    }
  }
}
