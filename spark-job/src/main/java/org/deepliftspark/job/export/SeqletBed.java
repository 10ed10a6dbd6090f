package org.deepliftspark.job.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * Writes seqlets, or the motifs that they match, as BED sorted by place: six columns, then the
 * attribution, the p-value, and for motifs the q-value. The score column is -10 log10 of the
 * p-value. Rows of scores without a place give none, and are counted.
 */
public final class SeqletBed {

  private SeqletBed() {}

  /**
   * @param table of seqlets or of matches
   * @param qValue largest q-value of a match that is written
   * @param file BED; compressed if the name ends in {@code .gz}
   */
  public static void run(Dataset<Row> table, double qValue, String file, PrintStream out)
      throws IOException {
    boolean matches = Set.of(table.columns()).contains("motif");
    Dataset<Row> wanted =
        matches ? table.filter("motif IS NOT NULL AND q_value <= " + qValue) : table;
    long all = wanted.count();
    Dataset<Row> placed =
        wanted
            .filter("chrom IS NOT NULL")
            .selectExpr(
                "chrom",
                matches ? start("motif_start", "motif_end") : "chrom_start",
                matches ? end("motif_start", "motif_end") : "chrom_end",
                matches ? "motif" : "concat(id, ':', seqlet)",
                matches ? strandOfMotif() : "coalesce(strand, '.')",
                "attribution",
                "p_value",
                matches ? "q_value" : "CAST(NULL AS DOUBLE)")
            .toDF("chrom", "first", "last", "name", "strand", "attribution", "p_value", "q_value")
            .orderBy("chrom", "first", "last", "name");
    long written = write(placed.toLocalIterator(), file);
    if (written == 0) {
      throw new InvalidInputException("Nothing to export: none of " + all + " rows has a place");
    }
    out.printf(Locale.ROOT, "%,d intervals in %s%n", written, file);
    if (written < all) {
      out.printf(Locale.ROOT, "%,d without a place left out%n", all - written);
    }
  }

  /** Where positions of a row start on the genome; its own seqlet says where the row lies. */
  private static String start(String from, String to) {
    return "IF(strand = '-', chrom_end + start - " + to + ", chrom_start - start + " + from + ")";
  }

  private static String end(String from, String to) {
    return "IF(strand = '-', chrom_end + start - " + from + ", chrom_start - start + " + to + ")";
  }

  private static String strandOfMotif() {
    return "IF(coalesce(strand, '+') = '-', IF(motif_strand = '-', '+', '-'), motif_strand)";
  }

  private static long write(Iterator<Row> rows, String file) throws IOException {
    long written = 0;
    try (OutputFile to = OutputFile.create(file)) {
      OutputStream stream = to.stream();
      GZIPOutputStream gzip = file.endsWith(".gz") ? new GZIPOutputStream(stream) : null;
      OutputStream text = gzip == null ? stream : gzip;
      while (rows.hasNext()) {
        text.write(line(rows.next()).getBytes(StandardCharsets.UTF_8));
        written++;
      }
      if (gzip != null) {
        gzip.finish();
      }
      stream.flush();
      if (written > 0) {
        to.commit();
      }
    }
    return written;
  }

  private static String line(Row row) {
    GenomicInterval place =
        new GenomicInterval(row.getString(0), row.getLong(1), row.getLong(2), row.getString(4));
    double pValue = row.getDouble(6);
    String bed = BedText.line(place, row.getString(3), -10 * Math.log10(pValue));
    String line = String.format(Locale.ROOT, "%s\t%.6g\t%.3g", bed, row.getDouble(5), pValue);
    return line
        + (row.isNullAt(7) ? "" : String.format(Locale.ROOT, "\t%.3g", row.getDouble(7)))
        + "\n";
  }
}
