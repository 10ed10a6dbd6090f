package org.deepliftspark.engine.method;

import java.util.List;
import java.util.Random;
import org.deepliftspark.engine.graph.Node;

/**
 * SmoothGrad: the mean gradient at points around the row. Inputs that are held get no noise.
 * Source: Smilkov et al. 2017, equation 1.
 *
 * @param draws points per row
 * @param sigma standard deviation of the noise, in units of the input
 */
record SmoothGrad(int draws, double sigma) implements PointMethod {

  @Override
  public long points(List<Node> inputs, int references) {
    return draws;
  }

  @Override
  public Task begin(RowPoint row, RowScores scores) {
    Random random = new Random(row.seed());
    double[][] sums = new double[row.inputs().length][];
    for (int input = 0; input < sums.length; input++) {
      sums[input] = new double[row.targets() * row.inputs()[input].length];
    }
    return new Task() {
      @Override
      public int points() {
        return draws;
      }

      @Override
      public void write(int point, float[][] into, int at) {
        row.copyInto(into, at);
        for (int input = 0; input < into.length; input++) {
          int size = row.inputs()[input].length;
          for (int i = at * size; i < (at + 1) * size && !row.isHeld(input); i++) {
            into[input][i] += (float) (sigma * random.nextGaussian());
          }
        }
      }

      @Override
      public void read(int point, Answer answer) {
        Gradients.add(row, row.targets(), answer, 1.0 / draws, sums);
      }

      @Override
      public void finish() {
        for (int reference = 0; reference < row.count(); reference++) {
          Gradients.score(row, reference, sums, scores);
        }
      }
    };
  }
}
