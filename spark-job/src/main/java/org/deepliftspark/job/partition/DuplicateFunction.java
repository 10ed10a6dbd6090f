package org.deepliftspark.job.partition;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Finds equal ids in a partition that holds all rows of its ids, sorted by id and content hash.
 * Rows of the same content become one, which counts its copies; rows of the same id and different
 * content are rejected, all of them. One row is held at a time.
 */
public final class DuplicateFunction implements MapPartitionsFunction<Row, Row> {
  static final String REASON = "duplicate id";

  private final int hashAt;

  /**
   * @param kept number of kept columns
   */
  public DuplicateFunction(int kept) {
    this.hashAt = PreparedSchema.FIXED + kept;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> sorted) {
    return new Merged(sorted, hashAt);
  }

  private static final class Merged implements Iterator<Row> {
    private final Iterator<Row> sorted;
    private final int hashAt;
    private Row ahead;
    private String idBefore;

    Merged(Iterator<Row> sorted, int hashAt) {
      this.sorted = sorted;
      this.hashAt = hashAt;
      this.ahead = sorted.hasNext() ? sorted.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public Row next() {
      if (ahead == null) {
        throw new NoSuchElementException();
      }
      Row row = ahead;
      long copies = 1;
      ahead = sorted.hasNext() ? sorted.next() : null;
      while (ahead != null && id(ahead).equals(id(row)) && hash(ahead).equals(hash(row))) {
        copies++;
        ahead = sorted.hasNext() ? sorted.next() : null;
      }
      boolean conflict = id(row).equals(idBefore) || (ahead != null && id(ahead).equals(id(row)));
      idBefore = id(row);
      return merged(row, copies, conflict);
    }

    private static String id(Row row) {
      return row.getString(PreparedSchema.ID_AT);
    }

    private String hash(Row row) {
      return row.getString(hashAt);
    }

    private Row merged(Row row, long copies, boolean conflict) {
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i);
      }
      if (conflict && values[hashAt + 1] == null) {
        values[hashAt + 1] = REASON;
        values[hashAt + 2] = REASON + " with different content";
        String sequence = row.getString(PreparedSchema.SEQUENCE_AT);
        values[hashAt + 4] = sequence.substring(0, Math.min(50, sequence.length()));
      }
      values[hashAt + 5] = copies;
      return RowFactory.create(values);
    }
  }
}
