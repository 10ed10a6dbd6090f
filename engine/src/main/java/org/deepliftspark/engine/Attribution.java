package org.deepliftspark.engine;

import org.deepliftspark.engine.program.Numbers;

/**
 * What a caller gets for a batch. Scores are averaged over the references of a row. Where the
 * arithmetic of a row leaves the range of its precision, {@link #isFinite} says so; no other row is
 * touched by that.
 *
 * @param rows number of rows
 * @param targets number of targets
 * @param references number of references per row
 * @param scores per input of the model; null for an input that is held
 * @param predictions of the targets, {@code [rows, targets]}
 * @param modelOutput the same after the final activation, {@code [rows, targets]}
 * @param referencePredictions {@code [rows, targets, references]}
 * @param convergenceDelta sum of contributions over all inputs minus (prediction - reference
 *     prediction), {@code [rows, targets, references]}: what rounding left, or what a rule that
 *     does not sum to delta left
 */
public record Attribution(
    int rows,
    int targets,
    int references,
    Scores[] scores,
    Numbers predictions,
    Numbers modelOutput,
    Numbers referencePredictions,
    Numbers convergenceDelta) {

  /**
   * Scores of one input, each {@code [rows, targets, shape...]}, row-major, channels-last.
   *
   * @param contributions multiplier x (input - reference)
   * @param multipliers or null if not asked for
   * @param hypothetical contributions as if each letter stood there in turn, or null if not asked
   *     for
   */
  public record Scores(Numbers contributions, Numbers multipliers, Numbers hypothetical) {}

  public Numbers contributions(int input) {
    return scores[input] == null ? null : scores[input].contributions();
  }

  public Numbers multipliers(int input) {
    return scores[input] == null ? null : scores[input].multipliers();
  }

  public Numbers hypothetical(int input) {
    return scores[input] == null ? null : scores[input].hypothetical();
  }

  /**
   * Whether every number of a row and target is finite: only then do they mean anything. Infinities
   * and what is not a number come of activations that overflow.
   */
  public boolean isFinite(int row, int target) {
    int at = row * targets + target;
    boolean finite =
        isFinite(predictions, at, 1)
            && isFinite(modelOutput, at, 1)
            && isFinite(referencePredictions, at, references)
            && isFinite(convergenceDelta, at, references);
    for (int input = 0; finite && input < scores.length; input++) {
      if (scores[input] != null) {
        Scores of = scores[input];
        finite =
            isFinite(of.contributions(), at, perRow(of.contributions()))
                && isFinite(of.multipliers(), at, perRow(of.multipliers()))
                && isFinite(of.hypothetical(), at, perRow(of.hypothetical()));
      }
    }
    return finite;
  }

  private int perRow(Numbers numbers) {
    return numbers == null ? 0 : numbers.length() / (rows * targets);
  }

  private static boolean isFinite(Numbers numbers, int at, int size) {
    for (int i = at * size; i < (at + 1) * size; i++) {
      if (!Double.isFinite(numbers.get(i))) {
        return false;
      }
    }
    return true;
  }
}
