package org.deepliftspark.engine.metric;

import java.util.Arrays;

/**
 * The log-odds flip of the DeepLIFT paper (Shrikumar et al., ICML 2017, section 4.1): the positions
 * that speak most for one class against another are erased, and the log-odds of the two classes are
 * compared before and after.
 */
public final class LogOddsFlip {
  private LogOddsFlip() {}

  /**
   * The row with what speaks for its class against the other erased.
   *
   * @param x the row
   * @param difference attributions to the row's class minus those to the other, per cell
   * @param most how many cells are erased at most; only those above 0 are
   */
  public static float[] erased(float[] x, double[] difference, int most) {
    double[] sorted = difference.clone();
    Arrays.sort(sorted);
    double threshold = most < sorted.length ? sorted[sorted.length - 1 - most] : 0;
    threshold = Math.max(threshold, 0);
    float[] erased = x.clone();
    for (int i = 0; i < erased.length; i++) {
      if (difference[i] > threshold) {
        erased[i] = 0;
      }
    }
    return erased;
  }
}
