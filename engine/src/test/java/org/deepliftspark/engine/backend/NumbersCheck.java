package org.deepliftspark.engine.backend;

import org.deepliftspark.engine.program.Numbers;

/** Compares what a backend computed with what it should have. */
final class NumbersCheck {
  private NumbersCheck() {}

  /**
   * Fails unless every number is within {@code tolerance} times the largest expected one;
   * infinities and NaN must be the same, and with tolerance 0 every bit.
   */
  static void agree(String where, Numbers found, Numbers expected, double tolerance) {
    if (found.length() != expected.length()) {
      throw new AssertionError(
          where + ": " + found.length() + " numbers, expected " + expected.length());
    }
    double largest = 0;
    for (int i = 0; i < expected.length(); i++) {
      if (Double.isFinite(expected.get(i))) {
        largest = Math.max(largest, Math.abs(expected.get(i)));
      }
    }
    for (int i = 0; i < expected.length(); i++) {
      double difference = Math.abs(found.get(i) - expected.get(i));
      boolean same = Double.compare(found.get(i), expected.get(i)) == 0;
      if (!same && !(difference <= tolerance * largest && tolerance > 0)) {
        throw new AssertionError(
            where
                + ": number "
                + i
                + " is "
                + found.get(i)
                + ", expected "
                + expected.get(i)
                + ", largest "
                + largest);
      }
    }
  }
}
