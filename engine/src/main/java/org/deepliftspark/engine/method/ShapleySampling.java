package org.deepliftspark.engine.method;

import java.util.List;
import java.util.SplittableRandom;
import org.deepliftspark.engine.graph.Node;

/**
 * Shapley values by random orderings: positions are put from the reference to the row one after the
 * other, and each is credited with what its turn changes. Contributions sum to the difference of
 * the predictions whatever the number of orderings. Source: Castro et al. 2009.
 *
 * @param orderings per reference
 */
record ShapleySampling(int orderings) implements PointMethod {

  /** The first and the last point of an ordering are the reference and the row. */
  @Override
  public long points(List<Node> inputs, int references) {
    return (Positions.count(inputs) - 1) * orderings * references;
  }

  @Override
  public Task begin(RowPoint row, RowScores scores) {
    return new Orderings(row, scores);
  }

  private final class Orderings implements Task {
    private final RowPoint row;
    private final RowScores scores;
    private final int[] inputOf;
    private final int[] positionOf;
    private final double[] before;
    private int written = -1;
    private int[] writtenOrder;
    private int answered = -1;
    private int[] answeredOrder;

    Orderings(RowPoint row, RowScores scores) {
      this.row = row;
      this.scores = scores;
      int players = 0;
      for (int input = 0; input < row.inputs().length; input++) {
        players += row.isHeld(input) ? 0 : Positions.count(row.shapes()[input]);
      }
      this.inputOf = new int[players];
      this.positionOf = new int[players];
      int player = 0;
      for (int input = 0; input < row.inputs().length; input++) {
        int count = row.isHeld(input) ? 0 : Positions.count(row.shapes()[input]);
        for (int position = 0; position < count; position++) {
          inputOf[player] = input;
          positionOf[player++] = position;
        }
      }
      this.before = new double[row.targets()];
    }

    /** The same whenever it is asked for: an ordering is drawn from its number. */
    private int[] order(int ordering) {
      SplittableRandom random =
          new SplittableRandom(row.seed() + 0x9e3779b97f4a7c15L * (ordering + 1));
      int[] order = new int[inputOf.length];
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }

    private int turns() {
      return inputOf.length - 1;
    }

    @Override
    public int points() {
      return turns() * orderings * row.count();
    }

    @Override
    public void write(int point, float[][] into, int at) {
      int ordering = point / turns();
      if (ordering != written) {
        written = ordering;
        writtenOrder = order(ordering);
      }
      row.copyReferenceInto(ordering % row.count(), into, at);
      for (int turn = 0; turn <= point % turns(); turn++) {
        int player = writtenOrder[turn];
        float[] x = row.inputs()[inputOf[player]];
        int letters = Positions.letters(row.shapes()[inputOf[player]]);
        int from = positionOf[player] * letters;
        System.arraycopy(x, from, into[inputOf[player]], at * x.length + from, letters);
      }
    }

    @Override
    public void read(int point, Answer answer) {
      int ordering = point / turns();
      int turn = point % turns();
      if (ordering != answered) {
        answered = ordering;
        answeredOrder = order(ordering);
      }
      for (int target = 0; target < before.length; target++) {
        double now = answer.prediction(target);
        double last = turn == 0 ? ofReference(ordering, target) : before[target];
        credit(ordering, target, answeredOrder[turn], now - last);
        if (turn == turns() - 1) {
          credit(ordering, target, answeredOrder[turns()], row.prediction()[target] - now);
        }
        before[target] = now;
      }
    }

    private double ofReference(int ordering, int target) {
      return row.referencePredictions()[ordering % row.count()][target];
    }

    private void credit(int ordering, int target, int player, double amount) {
      int reference = ordering % row.count();
      Positions.contribute(
          row, reference, target, inputOf[player], positionOf[player], amount / orderings, scores);
    }

    /** A single player needs no point: it changes all. */
    @Override
    public void finish() {
      for (int ordering = 0; turns() == 0 && ordering < orderings * row.count(); ordering++) {
        for (int target = 0; target < before.length; target++) {
          credit(ordering, target, 0, row.prediction()[target] - ofReference(ordering, target));
        }
      }
    }
  }
}
