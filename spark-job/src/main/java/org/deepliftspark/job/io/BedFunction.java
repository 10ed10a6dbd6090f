package org.deepliftspark.job.io;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * Turns lines of BED into rows of {@link SourceSchema}: a window of the model's length round the
 * summit, or round the middle, of the strand that the line names.
 */
final class BedFunction implements MapPartitionsFunction<String, Row> {
  static final String NOT_BED = "not BED";

  private static final int SHOWN = 40;

  private final WindowReader.Spec windows;
  private final String idColumn;
  private final List<String> kept;

  BedFunction(WindowReader.Spec windows, String idColumn, List<String> kept) {
    this.windows = windows;
    this.idColumn = idColumn;
    this.kept = List.copyOf(kept);
  }

  @Override
  public Iterator<Row> call(Iterator<String> lines) {
    return new Rows(lines, new WindowReader(windows));
  }

  private final class Rows implements Iterator<Row> {
    private final Iterator<String> lines;
    private final WindowReader reader;
    private String next;

    Rows(Iterator<String> lines, WindowReader reader) {
      this.lines = lines;
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      while (next == null && lines.hasNext()) {
        String line = lines.next();
        next = BedLine.isRemark(line) ? null : line;
      }
      return next != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      String line = next;
      next = null;
      Optional<BedLine> parsed = BedLine.parse(line);
      SourceRow row = new SourceRow(1, kept.size());
      if (parsed.isEmpty()) {
        String shown = line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
        String detail = "expected chromosome, start and end between tabs, found '" + shown + "'";
        return row.id(line.length() > SHOWN ? shown : line).problem(NOT_BED, detail).row();
      }
      return row(parsed.get(), row);
    }

    private Row row(BedLine line, SourceRow row) {
      long start = line.summit() - reader.length() / 2;
      long end = start + reader.length();
      GenomicInterval place = new GenomicInterval(line.chrom(), start, end, line.strand());
      row.id(idColumn == null ? place.toString() : line.column(idColumn)).place(place);
      StringBuilder content = new StringBuilder();
      for (int i = 0; i < kept.size(); i++) {
        String value = line.column(kept.get(i));
        row.kept(i, value);
        content.append(value).append('\t');
      }
      row.content(place + (kept.isEmpty() ? "" : "\t" + content));
      if (reader.check(line.chrom(), start, end, line.summit(), row)) {
        String bases = reader.genome().padded(line.chrom(), start, end);
        row.input(0, "-".equals(line.strand()) ? DnaAlphabet.reverseComplement(bases) : bases);
      }
      return row.row();
    }
  }
}
