package org.deepliftspark.job.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Letters to draw: one per position, as high as its contribution, below the line and upside down
 * where it is negative; or several per position, stacked from the smallest outwards.
 */
final class Logo {

  /**
   * A letter.
   *
   * @param column from 0
   * @param bottom where it starts, in units of the contributions
   * @param top where it ends; below {@code bottom} for a negative one
   */
  record Letter(char drawn, int column, double bottom, double top) {}

  private final int columns;
  private final List<Letter> letters = new ArrayList<>();
  private double highest;
  private double lowest;

  private Logo(int columns) {
    this.columns = columns;
  }

  /** Positions {@code [from, to)} of a row. */
  static Logo of(String sequence, float[] observed, int from, int to) {
    Logo logo = new Logo(to - from);
    for (int i = from; i < to; i++) {
      logo.add(Glyph.drawn(sequence.charAt(i)), i - from, 0, observed[i]);
    }
    return logo;
  }

  /**
   * Stacks of a motif.
   *
   * @param heights {@code [width, 4]}, A, C, G, T
   */
  static Logo stacked(float[] heights) {
    Logo logo = new Logo(heights.length / 4);
    for (int column = 0; column < logo.columns; column++) {
      logo.stack(heights, column);
    }
    return logo;
  }

  private void stack(float[] heights, int column) {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
    order.sort(
        (a, b) ->
            Float.compare(Math.abs(heights[4 * column + a]), Math.abs(heights[4 * column + b])));
    double up = 0;
    double down = 0;
    for (int letter : order) {
      double height = heights[4 * column + letter];
      double bottom = height >= 0 ? up : down;
      add("ACGT".charAt(letter), column, bottom, bottom + height);
      up += Math.max(0, height);
      down += Math.min(0, height);
    }
  }

  private void add(char drawn, int column, double bottom, double top) {
    if (top != bottom) {
      letters.add(new Letter(drawn, column, bottom, top));
    }
    highest = Math.max(highest, top);
    lowest = Math.min(lowest, top);
  }

  int columns() {
    return columns;
  }

  List<Letter> letters() {
    return letters;
  }

  /** The top of the highest letter, 0 if none rises. */
  double highest() {
    return highest;
  }

  /** The bottom of the lowest letter, 0 if none falls. */
  double lowest() {
    return lowest;
  }
}
