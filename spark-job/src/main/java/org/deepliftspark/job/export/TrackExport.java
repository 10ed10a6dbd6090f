package org.deepliftspark.job.export;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;

/**
 * Writes the contributions of the observed bases as a track along the genome. Rows without a place,
 * or with one of another length than their sequence, are left out and counted.
 */
public final class TrackExport {
  private final Overlap overlap;
  private long rows;
  private long unplaced;

  private TrackExport(Overlap overlap) {
    this.overlap = overlap;
  }

  /**
   * @param format {@link ExportFormat#BIGWIG} or {@link ExportFormat#BEDGRAPH}
   * @param sizes file of chromosome lengths; null: each ends where its last row ends
   * @param file what to write; bedGraph is compressed if the name ends in {@code .gz}
   * @throws InvalidInputException if no row has a place, or one lies outside its chromosome
   */
  public static void run(
      ScoreReader scores,
      ExportFormat format,
      Overlap overlap,
      String sizes,
      String file,
      PrintStream out)
      throws IOException {
    scores.require("sequence", "tracks are for DNA sequences");
    TrackExport export = new TrackExport(overlap);
    SortedMap<String, Long> chromosomes = chromosomes(scores, sizes);
    try (OutputFile to = OutputFile.create(file)) {
      if (format == ExportFormat.BIGWIG) {
        try (BigWigTrack track = new BigWigTrack(chromosomes)) {
          export.pass(scores, track);
          track.finish(to.stream());
        }
      } else {
        export.writeText(scores, file.endsWith(".gz"), to.stream());
      }
      to.commit();
    }
    out.printf(Locale.ROOT, "%,d rows in %s%n", export.rows, file);
    if (export.unplaced > 0) {
      out.printf(Locale.ROOT, "%,d rows without a place left out%n", export.unplaced);
    }
  }

  /** The chromosomes of the rows, sorted by name. */
  private static SortedMap<String, Long> chromosomes(ScoreReader scores, String sizes)
      throws IOException {
    SortedMap<String, Long> ends = new TreeMap<>();
    Dataset<Row> places = scores.rows(false).filter(col("chrom").isNotNull());
    for (Row row : places.groupBy("chrom").agg(max("end")).collectAsList()) {
      if (!row.isNullAt(1)) {
        ends.put(row.getString(0), row.getLong(1));
      }
    }
    if (ends.isEmpty()) {
      throw new InvalidInputException(
          "Cannot make a track of "
              + scores.folder()
              + ": no row has a place. FASTA names such as chr1:100-300(+) or BED input give one");
    }
    return sizes == null ? ends : ChromosomeSizes.read(sizes, ends.keySet());
  }

  private void writeText(ScoreReader scores, boolean compressed, OutputStream stream)
      throws IOException {
    GZIPOutputStream gzip = compressed ? new GZIPOutputStream(stream) : null;
    BedGraphTrack track = new BedGraphTrack(compressed ? gzip : stream);
    pass(scores, track);
    track.finish();
    if (compressed) {
      gzip.finish();
    }
    stream.flush();
  }

  private void pass(ScoreReader scores, Track track) throws IOException {
    TrackMerge merge = new TrackMerge(overlap, track);
    Iterator<Row> stored =
        scores.rows(false).orderBy(RowSelection.keys(RowOrder.PLACE)).toLocalIterator();
    while (stored.hasNext()) {
      ScoreRow row = ScoreReader.decode(stored.next());
      if (Places.isKnown(row)) {
        merge.add(row.place(), alongGenome(row));
        rows++;
      } else {
        unplaced++;
      }
    }
    if (rows == 0) {
      throw new InvalidInputException(
          "Cannot make a track of "
              + scores.folder()
              + ": no row's place is as long as its sequence");
    }
    merge.finish();
  }

  private static float[] alongGenome(ScoreRow row) {
    float[] observed = row.observed();
    if (!row.isReverse()) {
      return observed;
    }
    float[] turned = new float[observed.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = observed[observed.length - 1 - i];
    }
    return turned;
  }
}
