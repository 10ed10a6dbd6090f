package org.deepliftspark.engine.backend.cpu;

/**
 * The error function in double, by series of one sign near zero and a continued fraction beyond.
 */
final class Erf {
  private static final double SERIES_BELOW = 2.5;
  private static final double ONE_FROM = 6;
  private static final int FRACTIONS = 40;

  private Erf() {}

  /** Relative error below 1e-13. */
  static double of(double x) {
    double size = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    } else if (size >= ONE_FROM) {
      return Math.signum(x);
    }
    return size < SERIES_BELOW ? series(x) : Math.signum(x) * (1 - complement(size));
  }

  /** Terms {@code 2^n x^(2n+1) / (2n+1)!!}, which all have one sign. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** Laplace's continued fraction, from its end. */
  private static double complement(double x) {
    double fraction = x;
    for (int n = FRACTIONS; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
