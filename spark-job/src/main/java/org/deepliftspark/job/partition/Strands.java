package org.deepliftspark.job.partition;

/** Turns one-hot rows and their scores to the other strand, in place. */
final class Strands {

  private Strands() {}

  /**
   * Reverses each stretch of numbers: as A, C, G, T complement each other from the ends, reversing
   * {@code [length, 4]} row-major numbers gives the reverse complement; reversing {@code [length]}
   * scores gives those of the other strand.
   */
  static void reverse(float[] numbers, int stretch) {
    for (int from = 0; from < numbers.length; from += stretch) {
      for (int low = from, high = from + stretch - 1; low < high; low++, high--) {
        float number = numbers[low];
        numbers[low] = numbers[high];
        numbers[high] = number;
      }
    }
  }
}
