package org.deepliftspark.engine;

import org.deepliftspark.engine.program.Numbers;

/** How well contributions sum to the difference of the predictions. */
final class Completeness {
  private Completeness() {}

  /**
   * The largest convergence delta, relative to the largest of |f(x)|, |f(reference)| and the sum of
   * |contributions| over all inputs.
   */
  static double of(Attribution found) {
    double worst = 0;
    int references = found.references();
    for (int i = 0; i < found.convergenceDelta().length(); i++) {
      double scale = Math.abs(found.predictions().get(i / references));
      scale = Math.max(scale, Math.abs(found.referencePredictions().get(i)));
      scale = Math.max(scale, mass(found, i / references));
      double delta = Math.abs(found.convergenceDelta().get(i));
      worst = Math.max(worst, delta == 0 ? 0 : delta / scale);
    }
    return worst;
  }

  /** Sum of |contributions| of one row and target. */
  private static double mass(Attribution found, int rowAndTarget) {
    double sum = 0;
    for (int input = 0; input < found.scores().length; input++) {
      Numbers contributions = found.contributions(input);
      if (contributions == null) {
        continue;
      }
      int size = contributions.length() / (found.rows() * found.targets());
      for (int i = 0; i < size; i++) {
        sum += Math.abs(contributions.get(rowAndTarget * size + i));
      }
    }
    return sum;
  }
}
