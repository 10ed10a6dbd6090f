package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A batch with its scores.
 *
 * @param prepared rows
 * @param perModel scores by each model
 * @param alternates scores of the windows with the alternate allele, by each model, then their
 *     mean; empty if rows are no variants
 * @param mean over the models
 * @param spread of contributions over the models, per input; null for one model
 * @param predictionSpread over the models; null for one model
 * @param references per input, {@code [rows, references, shape...]}; null if rows do not keep them
 */
record ScoredBatch(
    List<Row> prepared,
    List<RowScores> perModel,
    List<RowScores> alternates,
    RowScores mean,
    float[][] spread,
    double[] predictionSpread,
    List<float[]> references) {

  static ScoredBatch of(
      List<Row> prepared,
      List<RowScores> perModel,
      List<RowScores> alternates,
      List<float[]> references) {
    boolean several = perModel.size() > 1;
    return new ScoredBatch(
        prepared,
        perModel,
        withMean(alternates),
        RowScores.mean(perModel),
        several ? RowScores.spread(perModel) : null,
        several ? RowScores.spreadOf(perModel.stream().map(RowScores::predictions).toList()) : null,
        references);
  }

  private static List<RowScores> withMean(List<RowScores> all) {
    if (all.isEmpty()) {
      return all;
    }
    List<RowScores> wider = new ArrayList<>(all);
    wider.add(RowScores.mean(all));
    return wider;
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

    /** Of the window with the alternate allele. */
    RowScores alternate() {
      return batch.alternates.get(batch.alternates.size() - 1);
    }

    /** Standard deviation over the models of the difference that the alternate allele makes. */
    double differenceSpread() {
      List<double[]> differences = new ArrayList<>();
      for (int i = 0; i < batch.perModel.size(); i++) {
        double alternate = batch.alternates.get(i).predictions()[at];
        differences.add(new double[] {alternate - batch.perModel.get(i).predictions()[at]});
      }
      return RowScores.spreadOf(differences)[0];
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
