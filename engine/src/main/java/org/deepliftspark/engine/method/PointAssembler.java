package org.deepliftspark.engine.method;

import java.util.List;
import java.util.function.IntFunction;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.Attribution.Scores;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.program.Numbers;

/**
 * Makes an attribution of what was found out about the rows of a batch.
 *
 * @param inDouble whether results are given in double
 */
record PointAssembler(int rows, int targets, int references, boolean inDouble) {

  Attribution of(List<PointSession.Given> given, List<RowScores> found, List<ReferenceMode> modes) {
    Scores[] scores = new Scores[modes.size()];
    for (int i = 0; i < scores.length; i++) {
      int input = i;
      if (!(modes.get(input) instanceof ReferenceMode.Hold)) {
        scores[input] =
            new Scores(
                joined(row -> found.get(row).contributions[input]),
                joined(row -> found.get(row).multipliers[input]),
                joined(row -> found.get(row).hypothetical[input]));
      }
    }
    return new Attribution(
        rows,
        targets,
        references,
        scores,
        joined(row -> given.get(row).prediction),
        joined(row -> given.get(row).modelOutput),
        joined(row -> flat(given.get(row)::ofReference)),
        joined(row -> flat((t, r) -> delta(given.get(row), found.get(row), t, r))));
  }

  private static double delta(
      PointSession.Given given, RowScores found, int target, int reference) {
    return found.sums[target][reference]
        - (given.prediction[target] - given.ofReference(target, reference));
  }

  private interface PerReference {
    double of(int target, int reference);
  }

  /** {@code [targets, references]}. */
  private double[] flat(PerReference numbers) {
    double[] flat = new double[targets * references];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = numbers.of(i / references, i % references);
    }
    return flat;
  }

  private Numbers joined(IntFunction<double[]> ofRow) {
    int size = ofRow.apply(0).length;
    double[] all = new double[Math.multiplyExact(rows, size)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(ofRow.apply(row), 0, all, row * size, size);
    }
    Numbers numbers = Numbers.of(all);
    return inDouble ? numbers : Numbers.of(numbers.floats());
  }
}
