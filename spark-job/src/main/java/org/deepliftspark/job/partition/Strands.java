package org.deepliftspark.job.partition;

import org.deepliftspark.engine.program.Numbers;

/** Turns one-hot rows and their scores to the other strand, in place. */
public final class Strands {

  private Strands() {}

  /**
   * Reverses each stretch of numbers: as A, C, G, T complement each other from the ends, reversing
   * {@code [length, 4]} row-major numbers gives the reverse complement; reversing {@code [length]}
   * scores gives those of the other strand.
   */
  public static void reverse(float[] numbers, int stretch) {
    for (int from = 0; from < numbers.length; from += stretch) {
      for (int low = from, high = from + stretch - 1; low < high; low++, high--) {
        float number = numbers[low];
        numbers[low] = numbers[high];
        numbers[high] = number;
      }
    }
  }

  /** The same, in the precision of the numbers. */
  public static void reverse(Numbers numbers, int stretch) {
    if (!numbers.isDouble()) {
      reverse(numbers.floats(), stretch);
      return;
    }
    double[] all = numbers.doubles();
    for (int from = 0; from < all.length; from += stretch) {
      for (int low = from, high = from + stretch - 1; low < high; low++, high--) {
        double number = all[low];
        all[low] = all[high];
        all[high] = number;
      }
    }
  }
}
