package org.deepliftspark.engine.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Area under the receiver operating characteristic. */
public final class Auroc {
  private Auroc() {}

  /**
   * The chance that a positive scores higher than a negative, ties counting half.
   *
   * @return NaN if there are no positives or no negatives
   */
  public static double of(double[] scores, boolean[] positive) {
    Integer[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .toArray(Integer[]::new);
    double ranks = 0;
    long positives = 0;
    for (int from = 0; from < order.length; ) {
      int to = from;
      int inTie = 0;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        inTie += positive[order[to++]] ? 1 : 0;
      }
      ranks += inTie * ((from + 1 + to) / 2.0);
      positives += inTie;
      from = to;
    }
    long negatives = scores.length - positives;
    return (ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
  }
}
