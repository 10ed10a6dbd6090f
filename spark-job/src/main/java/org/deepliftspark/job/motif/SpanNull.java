package org.deepliftspark.job.motif;

import java.io.Serializable;

/**
 * The null distribution of sums over neighbouring positions, by their number and sign: exponential
 * tails, as TF-MoDISco's Laplace null has them, through the third quartile of what the table holds.
 * So up to a quarter of the sums may be signal before they shift their own null. Immutable; safe
 * for use by many threads.
 */
final class SpanNull implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The quantile that the tails go through. */
  static final double QUANTILE = 0.75;

  private final int shortest;
  private final double[][] quantiles;

  /**
   * @param quantiles of |sum| by sign (0: at least 0, 1: negative) and length, from {@code
   *     shortest}
   */
  SpanNull(int shortest, double[][] quantiles) {
    this.shortest = shortest;
    this.quantiles = quantiles;
  }

  static int sign(double sum) {
    return sum < 0 ? 1 : 0;
  }

  /** The chance of a sum of this sign over {@code length} positions that is at least as large. */
  double pValue(int length, double sum) {
    double quantile = quantiles[sign(sum)][length - shortest];
    double pValue = Math.pow(1 - QUANTILE, Math.abs(sum) / quantile);
    return Math.max(Double.MIN_NORMAL, pValue);
  }
}
