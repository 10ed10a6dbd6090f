package org.deepliftspark.job.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.deepliftspark.job.export.RowArrays.Part;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;

/**
 * Writes one-hot sequences and hypothetical contributions as arrays for programs that find motifs,
 * and a list of the rows in the same order: {@code rows.bed} if all of them have a place, {@code
 * rows.tsv} otherwise.
 *
 * <p>Sources: {@code modisco motifs} of TF-MoDISco 2.6 (keys {@code arr_0}, {@code [N, 4, L]},
 * hypothetical contributions; or {@code input_seqs} and {@code hyp_scores} of {@code [N, L, 4]}),
 * the files of chrombpnet's {@code contribs_bw}, and Fi-NeMo's region files.
 */
public final class ArrayExport implements Closeable {

  /** An array of a format. */
  private record Column(
      String file, String name, Part part, NumberType type, boolean channelsFirst) {}

  private final List<Column> columns;
  private final List<Spill> spills = new ArrayList<>();
  private final Spill bed = new Spill();
  private final Spill ids = new Spill();
  private final PeakColumns peaks = new PeakColumns();
  private final ArrayOptions options;
  private RowArrays arrays;
  private boolean placed = true;
  private int rows;
  private int dropped;
  private int masked;

  private ArrayExport(ExportFormat format, ArrayOptions options) {
    this.options = options;
    this.columns = columns(format, options.half() ? NumberType.FLOAT16 : NumberType.FLOAT32);
    columns.forEach(column -> spills.add(new Spill()));
  }

  private static List<Column> columns(ExportFormat format, NumberType type) {
    return switch (format) {
      case MODISCO ->
          List.of(
              new Column("ohe.npz", "arr_0", Part.ONE_HOT, type, true),
              new Column("hyp.npz", "arr_0", Part.HYPOTHETICAL, type, true));
      case BPNET_H5 ->
          List.of(
              new Column("scores.h5", "input_seqs", Part.ONE_HOT, NumberType.INT8, false),
              new Column("scores.h5", "hyp_scores", Part.HYPOTHETICAL, type, false));
      case CHROMBPNET_H5 ->
          List.of(
              new Column("scores.h5", "raw/seq", Part.ONE_HOT, NumberType.INT8, true),
              new Column("scores.h5", "shap/seq", Part.HYPOTHETICAL, NumberType.FLOAT16, true),
              new Column(
                  "scores.h5", "projected_shap/seq", Part.PROJECTED, NumberType.FLOAT16, true));
      case FINEMO ->
          List.of(
              new Column("regions.npz", "sequences", Part.ONE_HOT, NumberType.INT8, true),
              new Column(
                  "regions.npz", "contributions", Part.HYPOTHETICAL, NumberType.FLOAT16, true));
      case BIGWIG, BEDGRAPH, SEQLETS ->
          throw new IllegalArgumentException(format + " is no format of arrays");
    };
  }

  /**
   * Writes the files of a format to a folder.
   *
   * @param out gets what was written
   * @throws InvalidInputException if the table has no hypothetical contributions or no sequences,
   *     its rows differ in length, or no row is left
   */
  public static void run(
      ScoreReader scores, ExportFormat format, ArrayOptions options, String folder, PrintStream out)
      throws IOException {
    scores.require("sequence", "these formats are for DNA sequences");
    scores.require("hypothetical", "score with --hypothetical");
    try (ArrayExport export = new ArrayExport(format, options)) {
      Iterator<Row> stored = RowSelection.of(scores, options).toLocalIterator();
      Iterator<ScoreRow> wanted = RowSelection.decoded(stored, export::load);
      while ((options.rows() == 0 || export.rows < options.rows()) && wanted.hasNext()) {
        export.add(wanted.next());
      }
      export.write(folder);
      export.report(folder, out);
    }
  }

  /** Makes a row's arrays; false if the row is left out. */
  private boolean load(ScoreRow row) {
    if (row.hypothetical() == null) {
      throw new InvalidInputException(
          "Cannot export row "
              + row.id()
              + ": it has no sequence or no hypothetical contributions");
    }
    if (arrays == null) {
      arrays = new RowArrays(row.length(), options.window());
    }
    arrays.load(row);
    boolean unknown = arrays.hasUnknown();
    if (unknown && options.unknown() == UnknownRows.DROP) {
      dropped++;
      return false;
    }
    masked += unknown ? 1 : 0;
    return true;
  }

  private void add(ScoreRow row) throws IOException {
    for (int i = 0; i < spills.size(); i++) {
      Column column = columns.get(i);
      spills.get(i).write(arrays.bytes(column.part(), column.type(), column.channelsFirst()));
    }
    GenomicInterval place = Places.of(row, arrays.from(), arrays.length());
    peaks.add(row.id(), place);
    placed &= place != null;
    if (placed) {
      bed.write(utf8(BedText.line(place, row.id(), 0) + "\n"));
    }
    ids.write(utf8(rows + "\t" + BedText.name(row.id()) + "\n"));
    rows++;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void write(String folder) throws IOException {
    if (rows == 0) {
      throw new InvalidInputException(
          "Nothing to export: "
              + (dropped == 0
                  ? "no rows"
                  : "all " + dropped + " rows hold unknown bases; --unknown mask keeps them"));
    }
    for (String file : columns.stream().map(Column::file).distinct().toList()) {
      List<StoredArray> stored = new ArrayList<>();
      for (int i = 0; i < spills.size(); i++) {
        if (columns.get(i).file().equals(file)) {
          stored.add(stored(columns.get(i), spills.get(i)));
        }
      }
      if (file.equals("regions.npz")) {
        stored.addAll(peaks.arrays());
      }
      try (OutputFile to = OutputFile.create(folder, file)) {
        if (file.endsWith(".npz")) {
          NpzFile.write(stored, to.stream());
        } else {
          Hdf5File.write(stored, to.stream());
        }
        to.commit();
      }
    }
    try (OutputFile to = OutputFile.create(folder, list())) {
      OutputStream stream = to.stream();
      if (!placed) {
        stream.write(utf8("index\tid\n"));
      }
      (placed ? bed : ids).copyTo(stream);
      to.commit();
    }
  }

  private String list() {
    return placed ? "rows.bed" : "rows.tsv";
  }

  private StoredArray stored(Column column, Spill spill) {
    long[] shape =
        column.channelsFirst()
            ? new long[] {rows, 4, arrays.length()}
            : new long[] {rows, arrays.length(), 4};
    return new StoredArray(
        column.name(), column.type().code(), shape, spill.bytes(), spill::copyTo);
  }

  private void report(String folder, PrintStream out) {
    out.printf(Locale.ROOT, "%,d rows of %d positions in %s:", rows, arrays.length(), folder);
    columns.stream().map(Column::file).distinct().forEach(file -> out.print(" " + file));
    out.println(" " + list());
    if (dropped > 0) {
      out.printf(Locale.ROOT, "%,d rows with unknown bases left out%n", dropped);
    }
    if (masked > 0) {
      out.printf(Locale.ROOT, "%,d rows with unknown bases masked%n", masked);
    }
  }

  @Override
  public void close() throws IOException {
    for (Spill spill : spills) {
      spill.close();
    }
    bed.close();
    ids.close();
  }
}
