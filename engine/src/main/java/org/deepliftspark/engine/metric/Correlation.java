package org.deepliftspark.engine.metric;

import java.util.Arrays;

/** Pearson's correlation coefficient. */
final class Correlation {
  private Correlation() {}

  /** NaN where one side does not vary. */
  static double of(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double both = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (a[i] - meanA) * (b[i] - meanB);
      squaresA += (a[i] - meanA) * (a[i] - meanA);
      squaresB += (b[i] - meanB) * (b[i] - meanB);
    }
    double scale = Math.sqrt(squaresA) * Math.sqrt(squaresB);
    return scale == 0 ? Double.NaN : both / scale;
  }
}
