package org.deepliftspark.engine.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Deletion and insertion curves: predictions while positions are taken from the row to a baseline,
 * or from the baseline to the row, those first that contribute most. Source: Petsiuk et al., BMVC
 * 2018.
 */
public final class RemovalCurve {
  private RemovalCurve() {}

  /**
   * @param deletion whether the row is taken apart; otherwise it is put together
   * @param steps equal shares of the positions
   * @return predictions after 0 to all steps, {@code [steps + 1][targets]}
   */
  public static double[][] of(
      Network network,
      float[] x,
      float[] baseline,
      int letters,
      double[] perPosition,
      boolean deletion,
      int steps) {
    int[] order =
        IntStream.range(0, perPosition.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -perPosition[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    float[] points = new float[Math.multiplyExact(steps + 1, x.length)];
    float[] point = (deletion ? x : baseline).clone();
    float[] other = deletion ? baseline : x;
    int done = 0;
    for (int step = 0; step <= steps; step++) {
      int until = (int) Math.round((double) step * order.length / steps);
      for (; done < until; done++) {
        System.arraycopy(other, order[done] * letters, point, order[done] * letters, letters);
      }
      System.arraycopy(point, 0, points, step * x.length, x.length);
    }
    return network.predict(steps + 1, points);
  }

  /** Mean height of a curve, by the trapezoid rule. */
  public static double area(double[] curve) {
    double inner = Arrays.stream(curve, 1, curve.length - 1).sum();
    return (inner + (curve[0] + curve[curve.length - 1]) / 2) / (curve.length - 1);
  }
}
