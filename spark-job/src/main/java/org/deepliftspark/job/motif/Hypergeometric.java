package org.deepliftspark.job.motif;

/** Chance that two sets of rows have so many in common. */
final class Hypergeometric {
  private static final double NEGLIGIBLE = 1e-17;

  private Hypergeometric() {}

  /**
   * The chance of at least {@code both} common rows, if {@code b} of {@code all} rows are drawn and
   * {@code a} are marked (Fisher's exact test, one-sided).
   */
  static double upperTail(long all, long a, long b, long both) {
    long most = Math.min(a, b);
    long least = Math.max(0, a + b - all);
    if (both <= least) {
      return 1;
    }
    double sum = 0;
    double base = logChoose(all, b);
    for (long common = both; common <= most; common++) {
      double term = Math.exp(logChoose(a, common) + logChoose(all - a, b - common) - base);
      sum += term;
      boolean falling = common > (double) a * b / all;
      if (falling && term <= sum * NEGLIGIBLE) {
        break;
      }
    }
    return Math.min(1, sum);
  }

  private static double logChoose(long n, long k) {
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  }

  /** Stirling's series, right to 1e-10 from 10 on; below that the product. */
  static double logFactorial(long n) {
    if (n < 10) {
      double product = 1;
      for (long i = 2; i <= n; i++) {
        product *= i;
      }
      return Math.log(product);
    }
    double x = n;
    double series = 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * Math.pow(x, 5));
    return x * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI * x) + series;
  }
}
