package org.deepliftspark.job.partition;

import java.util.List;

/**
 * Scores of a batch as output rows hold them; arrays are {@code [rows, targets]}, or {@code [rows,
 * targets, numbers per row]}. One thread.
 *
 * @param predictions of the targets
 * @param outputs the same after the final activation
 * @param referencePredictions mean over references
 * @param deltas convergence deltas, mean over references
 * @param contributions per input of the model; null for an input that is held
 * @param hypothetical per input of the model; null where there are none
 */
record RowScores(
    double[] predictions,
    double[] outputs,
    double[] referencePredictions,
    double[] deltas,
    float[][] contributions,
    float[][] hypothetical) {

  /** The mean, in the order given; the only one as it is. */
  static RowScores mean(List<RowScores> all) {
    if (all.size() == 1) {
      return all.get(0);
    }
    return new RowScores(
        meanOf(all.stream().map(RowScores::predictions).toList()),
        meanOf(all.stream().map(RowScores::outputs).toList()),
        meanOf(all.stream().map(RowScores::referencePredictions).toList()),
        meanOf(all.stream().map(RowScores::deltas).toList()),
        perInput(all.stream().map(RowScores::contributions).toList(), RowScores::meanOfFloats),
        perInput(all.stream().map(RowScores::hypothetical).toList(), RowScores::meanOfFloats));
  }

  /** Standard deviations of contributions, with n - 1, per input; null for an input held. */
  static float[][] spread(List<RowScores> all) {
    return perInput(all.stream().map(RowScores::contributions).toList(), RowScores::spreadOfFloats);
  }

  /** Standard deviations, with n - 1. */
  static double[] spreadOf(List<double[]> all) {
    double[] mean = meanOf(all);
    double[] spread = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (double[] one : all) {
        sum += (one[i] - mean[i]) * (one[i] - mean[i]);
      }
      spread[i] = Math.sqrt(sum / (all.size() - 1));
    }
    return spread;
  }

  private interface Combiner {
    float[] of(List<float[]> all);
  }

  private static float[][] perInput(List<float[][]> all, Combiner combiner) {
    float[][] combined = new float[all.get(0).length][];
    for (int i = 0; i < combined.length; i++) {
      int input = i;
      combined[i] =
          all.get(0)[i] == null ? null : combiner.of(all.stream().map(one -> one[input]).toList());
    }
    return combined;
  }

  private static double[] meanOf(List<double[]> all) {
    double[] mean = new double[all.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (double[] one : all) {
        sum += one[i];
      }
      mean[i] = sum / all.size();
    }
    return mean;
  }

  private static float[] meanOfFloats(List<float[]> all) {
    float[] mean = new float[all.get(0).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] one : all) {
        sum += one[i];
      }
      mean[i] = (float) (sum / all.size());
    }
    return mean;
  }

  private static float[] spreadOfFloats(List<float[]> all) {
    float[] spread = new float[all.get(0).length];
    for (int i = 0; i < spread.length; i++) {
      double sum = 0;
      for (float[] one : all) {
        sum += one[i];
      }
      double mean = sum / all.size();
      double squares = 0;
      for (float[] one : all) {
        squares += (one[i] - mean) * (one[i] - mean);
      }
      spread[i] = (float) Math.sqrt(squares / (all.size() - 1));
    }
    return spread;
  }
}
