package org.deepliftspark.job.partition;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Finds equal ids in a partition that holds all rows of its ids, sorted by id and content hash.
 * Rows of the same content become one, which counts its copies; rows of the same id and different
 * content are rejected, all of them. Before the rows of an id stand the markers of what the output
 * holds of it ({@link PreparedSchema#marker}): an id of which the output holds enough needs no
 * scoring, of another only the missing targets. One row is held at a time.
 */
public final class DuplicateFunction implements MapPartitionsFunction<Row, Row> {
  /** Reason of rows whose id has different content elsewhere in the input. */
  static final String REASON = "duplicate id";

  private static final long serialVersionUID = 1L;

  private final int hashAt;
  private final int settled;

  /**
   * @param kept number of kept columns
   * @param settled how many targets the output has to hold of an id for it not to be scored
   */
  public DuplicateFunction(int kept, int settled) {
    this.hashAt = PreparedSchema.FIXED + kept;
    this.settled = settled;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> sorted) {
    return new Merged(sorted, hashAt, settled);
  }

  private static final class Merged implements Iterator<Row> {
    private final Iterator<Row> sorted;
    private final int hashAt;
    private final int settled;
    private final TreeSet<String> done = new TreeSet<>();
    private Row ahead;
    private String idBefore;
    private String idDone;

    Merged(Iterator<Row> sorted, int hashAt, int settled) {
      this.sorted = sorted;
      this.hashAt = hashAt;
      this.settled = settled;
      this.ahead = pull();
    }

    private Row pull() {
      return sorted.hasNext() ? sorted.next() : null;
    }

    /** Takes in the markers that come next. */
    private void passMarkers() {
      while (ahead != null && hash(ahead).equals(PreparedSchema.MARKER_HASH)) {
        if (!id(ahead).equals(idDone)) {
          done.clear();
          idDone = id(ahead);
        }
        done.addAll(ahead.getList(hashAt + PreparedSchema.DONE_OFFSET));
        ahead = pull();
      }
    }

    @Override
    public boolean hasNext() {
      passMarkers();
      return ahead != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = ahead;
      long copies = 1;
      ahead = pull();
      while (ahead != null && id(ahead).equals(id(row)) && hash(ahead).equals(hash(row))) {
        copies++;
        ahead = pull();
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
      boolean marked = id(row).equals(idDone);
      if (conflict && values[hashAt + 1] == null) {
        reject(values, REASON, REASON + " with different content");
      } else if (marked && done.size() >= settled && values[hashAt + 1] == null) {
        reject(values, PreparedSchema.IN_OUTPUT, PreparedSchema.IN_OUTPUT);
      } else if (marked && values[hashAt + 1] == null) {
        values[hashAt + PreparedSchema.DONE_OFFSET] = done.toArray(new String[0]);
      }
      values[hashAt + 5] = copies;
      return RowFactory.create(values);
    }

    private void reject(Object[] values, String reason, String detail) {
      values[hashAt + 1] = reason;
      values[hashAt + 2] = detail;
      String sequence = (String) values[PreparedSchema.SEQUENCE_AT];
      values[hashAt + 4] = PrepareFunction.head(sequence);
    }
  }
}
