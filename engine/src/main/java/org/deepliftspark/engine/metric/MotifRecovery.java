package org.deepliftspark.engine.metric;

import java.util.Arrays;

/**
 * Whether contributions find motifs whose places are known, for one row: the AUROC of positions
 * within them, and what each site's positions sum to. A site is missed if that sum is not above 0.
 */
public final class MotifRecovery {
  private MotifRecovery() {}

  /** The sum over the letters of each position. */
  public static double[] perPosition(float[] contributions, int letters) {
    double[] sums = new double[contributions.length / letters];
    for (int i = 0; i < contributions.length; i++) {
      sums[i / letters] += contributions[i];
    }
    return sums;
  }

  /**
   * @param starts of the sites
   * @param ends of the sites, exclusive
   */
  public static double auroc(double[] perPosition, int[] starts, int[] ends) {
    boolean[] within = new boolean[perPosition.length];
    for (int site = 0; site < starts.length; site++) {
      Arrays.fill(within, starts[site], ends[site], true);
    }
    return Auroc.of(perPosition, within);
  }

  /** The sum over a site. */
  public static double sum(double[] perPosition, int start, int end) {
    return Arrays.stream(perPosition, start, end).sum();
  }
}
