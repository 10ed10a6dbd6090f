package org.deepliftspark.job.partition;

import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.deepliftspark.engine.graph.Shape;

/** Rejects prepared rows whose references of a table are missing or do not fit the model. */
public final class CheckReferencesFunction implements MapFunction<Row, Row> {
  static final String REASON = "references";

  private static final long serialVersionUID = 1L;

  private final References.Stored references;
  private final Shape shape;
  private final int hashAt;

  /**
   * @param kept number of kept columns
   */
  public CheckReferencesFunction(References.Stored references, Shape shape, int kept) {
    this.references = references;
    this.shape = shape;
    this.hashAt = PreparedSchema.FIXED + kept;
  }

  @Override
  public Row call(Row row) {
    if (!row.isNullAt(hashAt + 1)) {
      return row;
    }
    int at = row.fieldIndex(references.column());
    List<?> given = row.isNullAt(at) ? null : row.getList(at);
    String problem =
        StoredReferences.problem(given, references.count(), shape, references.letters());
    if (problem == null) {
      return row;
    }
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == at ? null : row.get(i);
    }
    values[hashAt + 1] = REASON;
    values[hashAt + 2] = problem;
    values[hashAt + 4] = PrepareFunction.head(row.getString(PreparedSchema.SEQUENCE_AT));
    return RowFactory.create(values);
  }
}
