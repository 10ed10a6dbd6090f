package org.deepliftspark.job.motif;

/**
 * Counts of positive numbers in buckets of equal relative width, 1/128 of a power of two, over 64
 * powers of two. Counts of parts of a table add up to those of the whole, whatever the parts.
 */
final class LogBuckets {
  /** Number of buckets. */
  static final int COUNT = 64 << 7;

  private static final int MANTISSA_BITS = 7;
  private static final int SHIFT = 52 - MANTISSA_BITS;

  private LogBuckets() {}

  /**
   * The bucket of a number; what lies outside goes to the first or the last.
   *
   * @param leastExponent the first bucket starts at 2 to this power
   */
  static int of(double number, int leastExponent) {
    long first = (long) (leastExponent + 1023) << MANTISSA_BITS;
    long bucket = (Double.doubleToRawLongBits(Math.abs(number)) >>> SHIFT) - first;
    return (int) Math.max(0, Math.min(COUNT - 1, bucket));
  }

  /** Where a bucket ends. */
  static double end(int bucket, int leastExponent) {
    long first = (long) (leastExponent + 1023) << MANTISSA_BITS;
    return Double.longBitsToDouble((first + bucket + 1) << SHIFT);
  }
}
