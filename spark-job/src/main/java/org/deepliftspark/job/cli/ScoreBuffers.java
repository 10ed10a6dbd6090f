package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Numbers;

/**
 * Makes of attributions what {@code score} puts into its rows: for each row and target the means
 * over references, contributions (of DNA one per position), and hypothetical contributions if there
 * are any. One thread.
 */
final class ScoreBuffers {
  private final List<Shape> shapes;

  /** The last row; kept so that no compiler finds out that nobody reads it. */
  private Row last;

  private record Row(double reference, double delta, List<float[]> scores) {}

  /**
   * @param shapes of the model's inputs
   */
  ScoreBuffers(List<Shape> shapes) {
    this.shapes = shapes;
  }

  void fill(Attribution attribution) {
    int references = attribution.references();
    for (int at = 0; at < attribution.rows() * attribution.targets(); at++) {
      List<float[]> scores = new ArrayList<>();
      for (int input = 0; input < shapes.size(); input++) {
        if (attribution.contributions(input) != null) {
          scores.add(contributions(attribution.contributions(input), at, shapes.get(input)));
        }
        if (attribution.hypothetical(input) != null) {
          scores.add(copy(attribution.hypothetical(input), at, shapes.get(input).size()));
        }
      }
      last =
          new Row(
              mean(attribution.referencePredictions(), at, references),
              mean(attribution.convergenceDelta(), at, references),
              scores);
    }
  }

  /** The last row's mean convergence delta. */
  double lastDelta() {
    return last.delta();
  }

  private static float[] contributions(Numbers all, int at, Shape shape) {
    if (!RandomRows.isDna(shape)) {
      return copy(all, at, shape.size());
    }
    float[] sums = new float[shape.dim(0)];
    int from = at * shape.size();
    for (int position = 0; position < sums.length; position++) {
      double sum = 0;
      for (int channel = 0; channel < DnaAlphabet.SIZE; channel++) {
        sum += all.get(from + position * DnaAlphabet.SIZE + channel);
      }
      sums[position] = (float) sum;
    }
    return sums;
  }

  private static float[] copy(Numbers all, int at, int size) {
    float[] copy = new float[size];
    for (int i = 0; i < size; i++) {
      copy[i] = (float) all.get(at * size + i);
    }
    return copy;
  }

  private static double mean(Numbers all, int at, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += all.get(at * count + i);
    }
    return sum / count;
  }
}
