package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.job.Encoding;
import org.deepliftspark.job.Layout;

/**
 * Writes output rows: one per row and target.
 *
 * @param kept number of kept columns
 * @param targets names of the targets, in the engine's order
 * @param inputs of the model, in its order
 * @param rowInputs how prepared rows hold what feeds them
 * @param layout of contributions
 * @param hypothetical whether there is such a column
 * @param encoding of arrays of scores
 * @param models how many are averaged
 * @param references whether rows hold their references
 * @param maxDelta largest |convergence delta| of a row that is not marked; null for no such column
 * @param device whether a column says what computed a row
 */
public record RowCodec(
    int kept,
    List<String> targets,
    List<ModelInput> inputs,
    RowInputs rowInputs,
    Layout layout,
    boolean hypothetical,
    Encoding encoding,
    int models,
    boolean references,
    Double maxDelta,
    boolean device)
    implements Serializable {
  public static final String TARGET = "target";
  public static final String CONVERGENCE_DELTA = "convergence_delta";
  public static final String ABOVE_MAX_DELTA = "above_max_delta";
  public static final String DEVICE = "device";

  /** Columns of the output, for the kept columns of an input. */
  public StructType schema(List<StructField> keptFields) {
    StructType schema = PreparedSchema.output(keptFields);
    for (ScoreColumns.Column column : new ScoreColumns(this, null).all()) {
      schema = schema.add(column.name(), column.type());
    }
    return schema;
  }

  /** Whether each row is a variant: two windows, with either allele. */
  boolean variants() {
    return rowInputs.size() > inputs.size();
  }

  /** Whether the references of an input can be written as letters. */
  boolean keepsLetters(int input) {
    if (inputs.get(input).references() instanceof References.Stored stored) {
      return stored.letters() != null;
    }
    return rowInputs.isSequence(input)
        && inputs.get(input).references() instanceof References.Generated generated
        && generated.shuffles();
  }

  ScoreReader reader() {
    return new ScoreReader(inputs, layout, hypothetical);
  }

  /**
   * Writes rows; one thread.
   *
   * @param computedOn what computes them
   */
  Writer writer(String computedOn) {
    return new Writer(new ScoreColumns(this, computedOn));
  }

  /** See {@link #writer()}. */
  final class Writer {
    private final ScoreColumns columns;

    private Writer(ScoreColumns columns) {
      this.columns = columns;
    }

    /**
     * The output rows of a batch. A target that the output holds already gives none, nor does one
     * of a row whose numbers are not finite.
     */
    List<Row> rows(ScoredBatch batch) {
      List<Row> rows = new ArrayList<>(batch.prepared().size() * targets.size());
      for (int i = 0; i < batch.prepared().size(); i++) {
        List<String> done = done(batch.prepared().get(i));
        for (int target = 0; target < targets.size(); target++) {
          ScoredBatch.Cell cell = batch.cell(i, target, targets.size());
          Row row = done.contains(targets.get(target)) ? null : row(cell);
          if (row != null) {
            rows.add(row);
          }
        }
      }
      return rows;
    }

    private List<String> done(Row prepared) {
      int at = PreparedSchema.FIXED + kept + PreparedSchema.DONE_OFFSET;
      return prepared.isNullAt(at) ? List.of() : prepared.getList(at);
    }

    /** Null if some number of it cannot be stored. */
    private Row row(ScoredBatch.Cell cell) {
      int fixed = PreparedSchema.FIXED + kept;
      Object[] values = new Object[fixed + columns.all().size()];
      for (int i = 0; i < fixed; i++) {
        values[i] = cell.prepared().get(i);
      }
      for (int i = fixed; i < values.length; i++) {
        values[i] = columns.all().get(i - fixed).value().apply(cell);
        if (values[i] == null) {
          return null;
        }
      }
      return RowFactory.create(values);
    }
  }
}
