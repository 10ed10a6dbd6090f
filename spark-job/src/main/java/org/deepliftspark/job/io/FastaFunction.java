package org.deepliftspark.job.io;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.encode.FastaRecord;
import org.deepliftspark.engine.encode.FastaRecords;

/**
 * Turns texts between two record marks, with the file and offset of the split they were read from,
 * into rows of {@link SourceSchema}. Text before the first mark of a file is no record and becomes
 * a row with a problem.
 */
final class FastaFunction implements MapPartitionsFunction<Row, Row> {
  static final String LEADING_TEXT = "text before the first record";

  @Override
  public Iterator<Row> call(Iterator<Row> texts) {
    return new Records(texts);
  }

  private static final class Records implements Iterator<Row> {
    private final Iterator<Row> texts;
    private String file;
    private long offset = -1;
    private Row next;

    Records(Iterator<Row> texts) {
      this.texts = texts;
    }

    @Override
    public boolean hasNext() {
      while (next == null && texts.hasNext()) {
        next = record(texts.next());
      }
      return next != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row record = next;
      next = null;
      return record;
    }

    private Row record(Row text) {
      boolean newSplit = !Objects.equals(file, text.getString(1)) || offset != text.getLong(2);
      file = text.getString(1);
      offset = text.getLong(2);
      String value = text.getString(0);
      Optional<FastaRecord> record = FastaRecords.parse(value);
      if (record.isEmpty()) {
        return null;
      }
      SourceRow row = new SourceRow(1, 0);
      if (newSplit && offset == 0 && !FastaRecords.isFasta(value)) {
        return row.id(file).problem(LEADING_TEXT, LEADING_TEXT).row();
      }
      String id = record.get().id();
      record.get().interval().ifPresent(row::place);
      return row.id(id.isEmpty() ? null : id).input(0, record.get().sequence()).row();
    }
  }
}
