package org.deepliftspark.job.partition;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A batch with its scores.
 *
 * @param prepared rows
 * @param perModel scores by each model
 * @param mean over the models
 * @param spread of contributions over the models, per input; null for one model
 * @param predictionSpread over the models; null for one model
 * @param references per input, {@code [rows, references, shape...]}; null if rows do not keep them
 */
record ScoredBatch(
    List<Row> prepared,
    List<RowScores> perModel,
    RowScores mean,
    float[][] spread,
    double[] predictionSpread,
    List<float[]> references) {

  static ScoredBatch of(List<Row> prepared, List<RowScores> perModel, List<float[]> references) {
    boolean several = perModel.size() > 1;
    return new ScoredBatch(
        prepared,
        perModel,
        RowScores.mean(perModel),
        several ? RowScores.spread(perModel) : null,
        several ? RowScores.spreadOf(perModel.stream().map(RowScores::predictions).toList()) : null,
        references);
  }

  Cell cell(int row, int target, int targets) {
    return new Cell(this, row, row * targets + target, target);
  }

  /**
   * One row and target.
   *
   * @param at index in arrays of {@code [rows, targets]}
   */
  record Cell(ScoredBatch batch, int row, int at, int target) {
    Row prepared() {
      return batch.prepared.get(row);
    }

    RowScores scores() {
      return batch.mean;
    }

    /** The numbers of this row and target. */
    float[] slice(float[] all, int size) {
      return Arrays.copyOfRange(all, at * size, (at + 1) * size);
    }

    /** The references of this row. */
    float[] references(int input, int size) {
      return Arrays.copyOfRange(batch.references.get(input), row * size, (row + 1) * size);
    }
  }
}
