package org.deepliftspark.engine.change;

import org.deepliftspark.engine.graph.Op.Reduction;

/** What a summary needs to know of a row outside of any window. */
final class Around {
  private final Strip strip;
  private final Reduction reduction;

  /** Sums, or largest numbers, of the positions before each, {@code [outer, length + 1, inner]}. */
  private final double[] before;

  /** Largest numbers from each position on; of sums the last number of {@code before} is enough. */
  private final double[] from;

  /**
   * @param values of the node that is summed up, of the row itself
   */
  Around(Reduction reduction, Strip strip, float[] values) {
    this.strip = strip;
    this.reduction = reduction;
    this.before = new double[strip.of(strip.length() + 1).size()];
    boolean largest = reduction == Reduction.MAX;
    this.from = largest ? new double[before.length] : null;
    int inner = strip.inner();
    for (int o = 0; o < strip.outer(); o++) {
      int row = o * strip.length() * inner;
      int edge = o * (strip.length() + 1) * inner;
      int last = edge + strip.length() * inner;
      for (int i = 0; i < inner && largest; i++) {
        before[edge + i] = Double.NEGATIVE_INFINITY;
        from[last + i] = Double.NEGATIVE_INFINITY;
      }
      for (int i = 0; i < strip.length() * inner; i++) {
        double value = values[row + i];
        double sofar = before[edge + i];
        before[edge + i + inner] = largest ? Math.max(sofar, value) : sofar + value;
      }
      for (int i = strip.length() * inner - 1; i >= 0 && largest; i--) {
        from[edge + i] = Math.max(from[edge + i + inner], values[row + i]);
      }
    }
  }

  /**
   * Puts together what lies around a window and the window's own summary.
   *
   * @param start of the window
   * @param width of the window
   * @param windows summaries of windows, {@code [.., outer, inner]}; this one is called {@code
   *     which}
   * @param to gets the whole summaries, shaped alike; this one is called {@code at}
   */
  void combine(int start, int width, float[] windows, int which, float[] to, int at) {
    int inner = strip.inner();
    for (int o = 0; o < strip.outer(); o++) {
      int edge = o * (strip.length() + 1) * inner;
      for (int i = 0; i < inner; i++) {
        float window = windows[(which * strip.outer() + o) * inner + i];
        int first = edge + start * inner + i;
        int end = first + width * inner;
        int last = edge + strip.length() * inner + i;
        to[(at * strip.outer() + o) * inner + i] = (float) combined(first, end, last, window);
      }
    }
  }

  private double combined(int first, int end, int last, double window) {
    if (reduction == Reduction.MAX) {
      return Math.max(window, Math.max(before[first], from[end]));
    }
    double sum = before[first] + (before[last] - before[end]) + window;
    return reduction == Reduction.MEAN ? sum / strip.length() : sum;
  }
}
