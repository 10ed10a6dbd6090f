package org.deepliftspark.engine.method;

import java.util.List;
import java.util.SplittableRandom;
import org.deepliftspark.engine.graph.Node;

/**
 * Expected gradients: for each reference the gradient at one point drawn uniformly from the way
 * between it and the row. With many references the contributions' sum tends to the mean difference
 * of the predictions. Source: Erion et al., Nature Machine Intelligence 2021, equation 3.
 */
record ExpectedGradients() implements PointMethod {

  @Override
  public long points(List<Node> inputs, int references) {
    return references;
  }

  @Override
  public Task begin(RowPoint row, RowScores scores) {
    SplittableRandom random = new SplittableRandom(row.seed());
    return new Task() {
      @Override
      public int points() {
        return row.count();
      }

      @Override
      public void write(int reference, float[][] into, int at) {
        row.copyInto(into, at);
        double share = random.nextDouble();
        for (int input = 0; input < into.length; input++) {
          if (!row.isHeld(input)) {
            float[] x = row.inputs()[input];
            float[] r = row.references()[input][reference];
            for (int i = 0; i < x.length; i++) {
              into[input][at * x.length + i] = (float) (r[i] + share * ((double) x[i] - r[i]));
            }
          }
        }
      }

      @Override
      public void read(int reference, Answer answer) {
        double[][] gradients = new double[row.inputs().length][];
        for (int input = 0; input < gradients.length; input++) {
          gradients[input] = new double[row.targets() * row.inputs()[input].length];
        }
        Gradients.add(row, row.targets(), answer, 1, gradients);
        Gradients.score(row, reference, gradients, scores);
      }
    };
  }
}
