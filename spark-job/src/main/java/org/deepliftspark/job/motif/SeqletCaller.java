package org.deepliftspark.job.motif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the seqlets of a row: stretches whose sum, and the sums of all of whose parts down to the
 * shortest length, are unlikely and of one sign. The longest are taken first, of equally long ones
 * the least likely, and none overlap. After the idea of tangermeme's recursive seqlets.
 *
 * <p>Safe for use by many threads.
 */
final class SeqletCaller {
  private final SpanNull chance;
  private final SeqletOptions options;

  /**
   * A seqlet.
   *
   * @param start position in the row, from 0
   * @param end position after the last
   * @param attribution sum of the contributions
   * @param pValue the largest among it and its parts, before flanks were added
   */
  record Seqlet(int start, int end, double attribution, double pValue) {}

  /**
   * @param chance the null distribution of the table's sums
   */
  SeqletCaller(SpanNull chance, SeqletOptions options) {
    this.chance = chance;
    this.options = options;
  }

  /** The seqlets of a row, from left to right. */
  List<Seqlet> call(float[] contributions) {
    double[] prefixes = SpanSums.prefixes(contributions);
    List<double[]> worst = worst(prefixes);
    boolean[] taken = new boolean[contributions.length];
    List<Seqlet> seqlets = new ArrayList<>();
    for (int i = worst.size() - 1; i >= 0; i--) {
      take(options.shortest() + i, worst.get(i), prefixes, taken, seqlets);
    }
    seqlets.sort(Comparator.comparingInt(Seqlet::start));
    return seqlets;
  }

  /**
   * For each length and start, the largest p-value of the span and its parts; 1 if signs differ.
   */
  private List<double[]> worst(double[] prefixes) {
    List<double[]> worst = new ArrayList<>();
    int positions = prefixes.length - 1;
    for (int length = options.shortest(); length <= options.longest(); length++) {
      double[] parts = worst.isEmpty() ? null : worst.get(worst.size() - 1);
      double[] spans = new double[Math.max(0, positions - length + 1)];
      for (int start = 0; start < spans.length; start++) {
        double sum = prefixes[start + length] - prefixes[start];
        spans[start] = chance.pValue(length, sum);
        if (parts != null) {
          double left = prefixes[start + length - 1] - prefixes[start];
          double right = prefixes[start + length] - prefixes[start + 1];
          boolean oneSign = left < 0 == sum < 0 && right < 0 == sum < 0;
          double ofParts = Math.max(parts[start], parts[start + 1]);
          spans[start] = oneSign ? Math.max(spans[start], ofParts) : 1;
        }
      }
      worst.add(spans);
    }
    return worst;
  }

  private void take(
      int length, double[] pValues, double[] prefixes, boolean[] taken, List<Seqlet> into) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start < pValues.length; start++) {
      if (pValues[start] <= options.pValue()) {
        starts.add(start);
      }
    }
    starts.sort(Comparator.comparingDouble(start -> pValues[start]));
    for (int start : starts) {
      if (isFree(taken, start, start + length)) {
        for (int i = start; i < start + length; i++) {
          taken[i] = true;
        }
        int from = Math.max(0, start - options.flank());
        int to = Math.min(taken.length, start + length + options.flank());
        into.add(new Seqlet(from, to, prefixes[to] - prefixes[from], pValues[start]));
      }
    }
  }

  private static boolean isFree(boolean[] taken, int from, int to) {
    for (int i = from; i < to; i++) {
      if (taken[i]) {
        return false;
      }
    }
    return true;
  }
}
