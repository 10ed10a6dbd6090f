package org.deepliftspark.engine.metric;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Random sets of positions of a row, and what the predictions lose when those positions are taken
 * from a baseline. Methods are compared on the same sets.
 *
 * @param sets positions of each set, all different
 * @param drops what the prediction loses, {@code [targets][sets]}
 */
public record Removal(int[][] sets, double[][] drops) {

  /**
   * Sets of one size, drawn without replacement.
   *
   * @param x the row
   * @param baseline of the same shape
   * @param letters numbers of a position
   * @param size positions of a set
   * @param count how many sets
   * @param seed of the row; a set depends on it, its size and its number only
   */
  public static Removal ofSize(
      Network network, float[] x, float[] baseline, int letters, int size, int count, long seed) {
    int[][] sets = new int[count][];
    for (int k = 0; k < count; k++) {
      sets[k] = set(x.length / letters, size, mixed(seed, size, k));
    }
    return of(network, x, baseline, letters, sets);
  }

  /** Sets of sizes that are drawn as well, each from 1 to all positions as likely. */
  public static Removal ofAnySize(
      Network network, float[] x, float[] baseline, int letters, int count, long seed) {
    int positions = x.length / letters;
    int[][] sets = new int[count][];
    for (int k = 0; k < count; k++) {
      long ofSet = mixed(seed, 0, k);
      sets[k] = set(positions, 1 + new SplittableRandom(ofSet).nextInt(positions), ~ofSet);
    }
    return of(network, x, baseline, letters, sets);
  }

  private static long mixed(long seed, int size, int k) {
    return seed ^ 0x9e3779b97f4a7c15L * ((long) size << 32 | k);
  }

  /** The first places of a shuffle. */
  private static int[] set(int positions, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] all = new int[positions];
    Arrays.setAll(all, i -> i);
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(positions - i);
      int taken = all[j];
      all[j] = all[i];
      all[i] = taken;
    }
    return Arrays.copyOf(all, size);
  }

  private static Removal of(
      Network network, float[] x, float[] baseline, int letters, int[][] sets) {
    float[] points = new float[Math.multiplyExact(sets.length + 1, x.length)];
    for (int k = 0; k <= sets.length; k++) {
      System.arraycopy(x, 0, points, k * x.length, x.length);
      for (int position : k == 0 ? new int[0] : sets[k - 1]) {
        int cell = position * letters;
        System.arraycopy(baseline, cell, points, k * x.length + cell, letters);
      }
    }
    double[][] predictions = network.predict(sets.length + 1, points);
    double[][] drops = new double[predictions[0].length][sets.length];
    for (int target = 0; target < drops.length; target++) {
      for (int k = 0; k < sets.length; k++) {
        drops[target][k] = predictions[0][target] - predictions[k + 1][target];
      }
    }
    return new Removal(sets, drops);
  }

  /** What a method says that the sets contribute. */
  private double[] claimed(double[] perPosition) {
    return Arrays.stream(sets)
        .mapToDouble(set -> Arrays.stream(set).mapToDouble(i -> perPosition[i]).sum())
        .toArray();
  }

  /**
   * Sensitivity-n: the correlation of what sets contribute and what the prediction loses without
   * them. Source: Ancona et al., ICLR 2018, section 4.
   *
   * @return NaN where one of them does not vary
   */
  public double correlation(double[] perPosition, int target) {
    return Correlation.of(claimed(perPosition), drops[target]);
  }

  /**
   * Infidelity: the mean squared difference of what sets contribute and what the prediction loses,
   * relative to the mean square of the latter: 0 is perfect, 1 as bad as contributions of zero.
   * Source: Yeh et al., NeurIPS 2019, definition 2.1, with sets of positions as perturbations.
   */
  public double infidelity(double[] perPosition, int target) {
    double[] claimed = claimed(perPosition);
    double errors = 0;
    double squares = 0;
    for (int k = 0; k < claimed.length; k++) {
      double error = claimed[k] - drops[target][k];
      errors += error * error;
      squares += drops[target][k] * drops[target][k];
    }
    return errors / squares;
  }
}
