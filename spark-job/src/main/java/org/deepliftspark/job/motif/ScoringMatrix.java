package org.deepliftspark.job.motif;

import java.io.Serializable;
import java.util.Arrays;
import org.deepliftspark.engine.encode.DnaAlphabet;

/**
 * A motif as log-odds against a background, in whole steps, with the p-value of every score: the
 * chance that letters drawn from the background score at least as high, computed exactly over the
 * steps (Staden, CABIOS 5, 1989). Immutable; safe for use by many threads.
 */
final class ScoringMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Steps of a bit. */
  static final double STEPS = 20;

  /** Weight of the background among the sites. */
  private static final double PSEUDO_SITES = 1;

  private final int width;

  /** {@code [width * 4]}, each position's least score taken off. */
  private final int[] steps;

  /** The same for the other strand. */
  private final int[] reverse;

  private final int least;
  private final float[] tail;

  /**
   * @param background frequencies of A, C, G, T, none of them 0
   */
  ScoringMatrix(Motif motif, double[] background) {
    this.width = motif.width();
    this.steps = new int[4 * width];
    this.reverse = new int[4 * width];
    int lowest = 0;
    for (int position = 0; position < width; position++) {
      lowest += fill(position, motif, background);
    }
    this.least = lowest;
    for (int i = 0; i < steps.length; i++) {
      reverse[i] = steps[steps.length - 1 - i];
    }
    this.tail = tail(background);
  }

  private int fill(int position, Motif motif, double[] background) {
    double sites = motif.sites();
    int lowest = Integer.MAX_VALUE;
    for (int letter = 0; letter < 4; letter++) {
      double share =
          (motif.probabilities()[position][letter] * sites + PSEUDO_SITES * background[letter])
              / (sites + PSEUDO_SITES);
      double bits = Math.log(share / background[letter]) / Math.log(2);
      steps[4 * position + letter] = (int) Math.round(bits * STEPS);
      lowest = Math.min(lowest, steps[4 * position + letter]);
    }
    for (int letter = 0; letter < 4; letter++) {
      steps[4 * position + letter] -= lowest;
    }
    return lowest;
  }

  /** For each score above the least, the chance of at least that score. */
  private float[] tail(double[] background) {
    double[] chances = {1};
    for (int position = 0; position < width; position++) {
      int[] column = Arrays.copyOfRange(steps, 4 * position, 4 * position + 4);
      double[] next = new double[chances.length + Arrays.stream(column).max().orElse(0)];
      for (int score = 0; score < chances.length; score++) {
        for (int letter = 0; letter < 4; letter++) {
          next[score + column[letter]] += chances[score] * background[letter];
        }
      }
      chances = next;
    }
    float[] tail = new float[chances.length];
    double sum = 0;
    for (int score = chances.length - 1; score >= 0; score--) {
      sum += chances[score];
      tail[score] = (float) Math.min(1, sum);
    }
    return tail;
  }

  int width() {
    return width;
  }

  /**
   * Score of the letters from {@code start} on, in steps above the least; -1 if one of them is
   * unknown.
   *
   * @param letters indices as of {@link DnaAlphabet}
   */
  int score(byte[] letters, int start, boolean reverseStrand) {
    int[] matrix = reverseStrand ? reverse : steps;
    int score = 0;
    for (int i = 0; i < width; i++) {
      int letter = letters[start + i];
      if (letter >= DnaAlphabet.SIZE || letter < 0) {
        return -1;
      }
      score += matrix[4 * i + letter];
    }
    return score;
  }

  /** The chance of at least this score at one place of one strand. */
  double pValue(int score) {
    return tail[score];
  }

  /** A score in bits. */
  double bits(int score) {
    return (score + least) / STEPS;
  }
}
