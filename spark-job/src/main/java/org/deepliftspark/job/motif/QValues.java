package org.deepliftspark.job.motif;

/**
 * Q-values of p-values that are counted in buckets: of the tests that are called at this p-value,
 * the share that chance would give (Benjamini and Hochberg, 1995), rounded up by at most 1/128.
 */
final class QValues {
  /** P-values below 2 to this power fall together; 1 lies in the last but one bucket or before. */
  private static final int LEAST_EXPONENT = -62;

  private final double[] byBucket = new double[LogBuckets.COUNT];

  /**
   * @param counts tests by bucket of their p-value; those that are left out make q-values larger
   * @param tests how many there were
   */
  QValues(long[] counts, long tests) {
    long called = 0;
    for (long count : counts) {
      called += count;
    }
    double least = 1;
    for (int bucket = LogBuckets.COUNT - 1; bucket >= 0; bucket--) {
      if (called > 0) {
        double threshold = Math.min(1, LogBuckets.end(bucket, LEAST_EXPONENT));
        least = Math.min(least, threshold * tests / called);
      }
      byBucket[bucket] = least;
      called -= counts[bucket];
    }
  }

  static int bucket(double pValue) {
    return LogBuckets.of(pValue, LEAST_EXPONENT);
  }

  /** The q-value of the p-values of each bucket. */
  double[] byBucket() {
    return byBucket.clone();
  }
}
