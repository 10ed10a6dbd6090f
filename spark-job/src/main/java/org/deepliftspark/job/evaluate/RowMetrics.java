package org.deepliftspark.job.evaluate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.metric.LogOddsFlip;
import org.deepliftspark.engine.metric.MotifRecovery;
import org.deepliftspark.engine.metric.Network;
import org.deepliftspark.engine.metric.Removal;
import org.deepliftspark.engine.metric.RemovalCurve;

/**
 * Measures the methods on one row after the other; methods see the same random sets. For one
 * thread.
 */
final class RowMetrics {
  private static final int SIZES = 8;
  private static final double LARGEST_SHARE = 0.8;
  private static final double FLIPPED_SHARE = 0.2;
  private static final int STEPS = 20;

  private final Network network;
  private final List<Metric> metrics;
  private final int subsets;

  /** Numbers of a position. */
  private final int letters;

  /** Of the row at hand, by size; 0 stands for any size. */
  private final Map<Integer, Removal> removals = new HashMap<>();

  RowMetrics(Network network, List<Metric> metrics, int subsets) {
    this.network = network;
    this.metrics = metrics;
    this.subsets = subsets;
    this.letters = letters(network.shape());
  }

  /** Numbers of a position: those of the last axis, of a flat input one. */
  static int letters(Shape shape) {
    return shape.rank() < 2 ? 1 : shape.dim(-1);
  }

  /** Takes a number of a measure. */
  interface Sink {
    void accept(Metric metric, double place, double value);
  }

  /** To be called between rows. */
  void nextRow() {
    removals.clear();
  }

  void measure(RowCase row, Sink sink) {
    for (Metric metric : metrics) {
      switch (metric) {
        case SENSITIVITY_N -> {
          for (int size : sizes(row.perPosition().length)) {
            double correlation = removal(row, size).correlation(row.perPosition(), row.target());
            sink.accept(metric, size, correlation);
          }
        }
        case INFIDELITY ->
            sink.accept(metric, 0, removal(row, 0).infidelity(row.perPosition(), row.target()));
        case COMPLETENESS -> {
          double mass = Arrays.stream(row.perPosition()).map(Math::abs).sum();
          sink.accept(metric, 0, row.delta() == 0 ? 0 : row.delta() / mass);
        }
        case FLIP -> sink.accept(metric, 0, flip(row));
        case DELETION, INSERTION -> {
          double[][] curve =
              RemovalCurve.of(
                  network,
                  row.x(),
                  row.baseline(),
                  letters,
                  row.perPosition(),
                  metric == Metric.DELETION,
                  STEPS);
          for (int step = 0; step <= STEPS; step++) {
            sink.accept(metric, (double) step / STEPS, curve[step][row.target()]);
          }
        }
        case MOTIF_AUROC ->
            sink.accept(
                metric, 0, MotifRecovery.auroc(row.perPosition(), row.starts(), row.ends()));
        case MISSED_MOTIFS -> sink.accept(metric, 0, missed(row));
      }
    }
  }

  private Removal removal(RowCase row, int size) {
    return removals.computeIfAbsent(
        size,
        n ->
            n == 0
                ? Removal.ofAnySize(network, row.x(), row.baseline(), letters, subsets, row.seed())
                : Removal.ofSize(
                    network, row.x(), row.baseline(), letters, n, subsets, row.seed()));
  }

  /** Equal steps on a logarithmic scale, from 1 to four fifths of the positions. */
  static int[] sizes(int positions) {
    double largest = Math.max(1, LARGEST_SHARE * positions);
    return IntStream.range(0, SIZES)
        .map(i -> (int) Math.round(Math.pow(largest, i / (SIZES - 1.0))))
        .distinct()
        .toArray();
  }

  private double flip(RowCase row) {
    int most = (int) Math.round(FLIPPED_SHARE * row.perPosition().length);
    float[] ones = new float[row.perPosition().length];
    Arrays.fill(ones, 1);
    float[] kept = LogOddsFlip.erased(ones, row.perPosition(), most);
    float[] point = row.x().clone();
    for (int position = 0; position < kept.length; position++) {
      if (kept[position] == 0) {
        System.arraycopy(row.baseline(), position * letters, point, position * letters, letters);
      }
    }
    return row.prediction() - network.predict(1, point)[0][row.target()];
  }

  private static double missed(RowCase row) {
    int missed = 0;
    for (int site = 0; site < row.starts().length; site++) {
      double sum = MotifRecovery.sum(row.perPosition(), row.starts()[site], row.ends()[site]);
      missed += sum > 0 ? 0 : 1;
    }
    return (double) missed / row.starts().length;
  }
}
