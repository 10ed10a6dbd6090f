package org.deepliftspark.job.report;

/**
 * Counts in bins of one width.
 *
 * @param low where the first bin starts
 * @param width of a bin
 */
record Histogram(double low, double width, long[] counts) {
  double end() {
    return low + width * counts.length;
  }

  long highest() {
    long highest = 0;
    for (long count : counts) {
      highest = Math.max(highest, count);
    }
    return highest;
  }
}
