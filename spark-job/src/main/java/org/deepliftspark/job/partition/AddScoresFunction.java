package org.deepliftspark.job.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.job.io.SourceSchema;

/**
 * Puts scores beside the rows of a table: one row for each, in the same order. Takes rows of {@link
 * org.deepliftspark.job.io.SourceSchema} with one kept column, the table's row; gives {@code [the
 * table's row, scores]}.
 */
public final class AddScoresFunction implements MapPartitionsFunction<Row, Row> {
  /** Why a row has no scores, or not those of every target; null if it has. */
  public static final String PROBLEM = "problem";

  /** With several targets: an array of the scores for each. */
  public static final String TARGETS = "targets";

  private static final String NOT_FINITE = "result is not finite";

  private final AttributionFunction attribution;
  private final PrepareFunction prepare;
  private final RowInputs inputs;
  private final List<String> targetNames;
  private final int targets;
  private final int width;

  /**
   * @param attribution scores prepared rows with one kept column
   * @param idColumn whether the table has a column of ids, so that a row without one is an error
   * @param codec what the attribution writes rows with
   */
  public AddScoresFunction(
      AttributionFunction attribution, RowInputs inputs, boolean idColumn, RowCodec codec) {
    this.attribution = attribution;
    this.prepare = new PrepareFunction(inputs, idColumn, 1);
    this.inputs = inputs;
    this.targetNames = List.copyOf(codec.targets());
    this.targets = targetNames.size();
    this.width = type(codec).size();
  }

  /** The type of the scores that rows get, for a codec with one kept column. */
  public static StructType type(RowCodec codec) {
    StructField any = new StructField("row", DataTypes.NullType, true, Metadata.empty());
    StructType all = codec.schema(List.of(any));
    StructType scores = new StructType();
    for (int i = PreparedSchema.FIXED + 1; i < all.size(); i++) {
      scores = scores.add(all.fields()[i]);
    }
    StructType type =
        new StructType()
            .add(PROBLEM, DataTypes.StringType)
            .add(PreparedSchema.SEQUENCE, DataTypes.StringType);
    if (codec.targets().size() > 1) {
      return type.add(TARGETS, DataTypes.createArrayType(scores, false));
    }
    for (StructField field : scores.fields()) {
      type = type.add(field);
    }
    return type;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Scored(rows);
  }

  /** A row on its way: the table's row, the sequence as scored, and why it has no scores. */
  private record Pending(Row table, Object sequence, String problem) {}

  /**
   * Rows that can be scored go through the attribution, which takes them batch by batch and drops
   * those whose numbers are not finite; every row waits in line until what came out has reached it.
   * One thread.
   */
  private final class Scored implements Iterator<Row> {
    private final Iterator<Row> source;
    private final Deque<Pending> line = new ArrayDeque<>();
    private final Iterator<Row> scores;
    private Row valid;
    private Row next;

    Scored(Iterator<Row> source) {
      this.source = source;
      this.scores = new Lazy(new Valid());
    }

    @Override
    public boolean hasNext() {
      return !line.isEmpty() || source.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (line.isEmpty()) {
        take();
      }
      Pending row = line.removeFirst();
      List<Row> found = new ArrayList<>(targets);
      while (row.problem() == null && found.size() < targets && isOf(row)) {
        found.add(next);
        next = null;
      }
      return RowFactory.create(row.table(), scores(row, found));
    }

    /** Lets one row of the table join the line. */
    private void take() {
      Row row = source.next();
      Row prepared = prepare.call(row);
      String problem = prepared.getString(PreparedSchema.FIXED + 1 + PreparedSchema.DETAIL_OFFSET);
      Row table = row.getStruct(SourceSchema.INPUTS_AT + inputs.size());
      line.addLast(new Pending(table, prepared.get(PreparedSchema.SEQUENCE_AT), problem));
      valid = problem == null ? prepared : null;
    }

    /** Whether the next scores belong to a row: they carry the very object of the table's row. */
    private boolean isOf(Pending row) {
      if (next == null && scores.hasNext()) {
        next = scores.next();
      }
      return next != null && next.get(PreparedSchema.FIXED) == row.table();
    }

    private Row scores(Pending row, List<Row> found) {
      List<Object> values = new ArrayList<>();
      values.add(row.problem() == null ? missing(found) : row.problem());
      values.add(row.sequence());
      if (targets > 1) {
        values.add(found.isEmpty() ? null : found.stream().map(this::columns).toArray(Row[]::new));
      } else if (!found.isEmpty()) {
        addColumns(found.get(0), values);
      }
      while (values.size() < width) {
        values.add(null);
      }
      return RowFactory.create(values.toArray());
    }

    /** Names the targets that gave no finite numbers; null if all did. */
    private String missing(List<Row> found) {
      if (found.size() == targets) {
        return null;
      }
      Set<String> lost = new LinkedHashSet<>(targetNames);
      int at = PreparedSchema.FIXED + 1; // the first column behind the table's row
      found.forEach(scored -> lost.remove(scored.getString(at)));
      return found.isEmpty() ? NOT_FINITE : NOT_FINITE + ": target " + String.join(", ", lost);
    }

    private Row columns(Row scored) {
      List<Object> values = new ArrayList<>();
      addColumns(scored, values);
      return RowFactory.create(values.toArray());
    }

    private void addColumns(Row scored, List<Object> values) {
      for (int i = PreparedSchema.FIXED + 1; i < scored.size(); i++) {
        values.add(scored.get(i));
      }
    }

    /** The rows that can be scored. */
    private final class Valid implements Iterator<Row> {
      @Override
      public boolean hasNext() {
        while (valid == null && source.hasNext()) {
          take();
        }
        return valid != null;
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Row row = valid;
        valid = null;
        return row;
      }
    }
  }

  /** Starts the attribution when its first result is asked for. */
  private final class Lazy implements Iterator<Row> {
    private final Iterator<Row> rows;
    private Iterator<Row> results;

    Lazy(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      if (results == null) {
        results = attribution.call(rows);
      }
      return results.hasNext();
    }

    @Override
    public Row next() {
      return results.next();
    }
  }
}
