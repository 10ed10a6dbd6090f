package org.deepliftspark.engine.method;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/**
 * In-silico mutagenesis: each letter is put at each position, and what that changes is the
 * multiplier there, 0 at the observed letter. Hypothetical contributions are the same with each
 * position's mean taken off; contributions are those of the observed letters. References are not
 * used. Source: Zhou and Troyanskaya 2015; centred as in tangermeme.
 */
record Mutagenesis() implements PointMethod {

  @Override
  public long points(List<Node> inputs, int references) {
    return inputs.stream()
        .mapToLong(input -> (long) input.shape().size() - Positions.count(input.shape()))
        .sum();
  }

  @Override
  public int changed() {
    return 1;
  }

  @Override
  public Task begin(RowPoint row, RowScores scores) {
    return new Letters(row, scores);
  }

  private static final class Letters implements Task {
    private final RowPoint row;
    private final RowScores scores;

    /** Per point, the input and the cell that becomes 1. */
    private final int[] inputs;

    private final int[] cells;

    Letters(RowPoint row, RowScores scores) {
      this.row = row;
      this.scores = scores;
      int points = 0;
      for (int input = 0; input < row.inputs().length; input++) {
        points += row.isHeld(input) ? 0 : others(row.shapes()[input], row.inputs()[input]);
      }
      this.inputs = new int[points];
      this.cells = new int[points];
      int point = 0;
      for (int input = 0; input < row.inputs().length; input++) {
        float[] x = row.inputs()[input];
        for (int cell = 0; cell < x.length && !row.isHeld(input); cell++) {
          if (x[cell] == 0) {
            inputs[point] = input;
            cells[point++] = cell;
          }
        }
      }
    }

    /** Letters that do not stand at their positions. */
    private static int others(Shape shape, float[] x) {
      int letters = Positions.letters(shape);
      int others = 0;
      for (int position = 0; position < x.length; position += letters) {
        int ones = 0;
        for (int cell = position; cell < position + letters; cell++) {
          ones += x[cell] == 1 ? 1 : 0;
          others += x[cell] == 0 ? 1 : 0;
          if (letters < 2 || (x[cell] != 0 && x[cell] != 1) || ones > 1) {
            throw new InvalidInputException(
                "Invalid input: in-silico-mutagenesis puts letters, expected one 1 or none at each"
                    + " position of an input of shape "
                    + shape
                    + ", found "
                    + x[cell]
                    + " in cell "
                    + cell);
          }
        }
      }
      return others;
    }

    @Override
    public int points() {
      return cells.length;
    }

    @Override
    public void write(int point, float[][] into, int at) {
      row.copyInto(into, at);
      int size = row.inputs()[inputs[point]].length;
      int letters = Positions.letters(row.shapes()[inputs[point]]);
      int from = at * size + cells[point] / letters * letters;
      Arrays.fill(into[inputs[point]], from, from + letters, 0f);
      into[inputs[point]][at * size + cells[point]] = 1;
    }

    @Override
    public Change change(int point) {
      return new Change(inputs[point], cells[point] / row.stride(inputs[point]), 1);
    }

    @Override
    public void read(int point, Answer answer) {
      double[] changes = scores.multipliers[inputs[point]];
      int size = row.inputs()[inputs[point]].length;
      for (int target = 0; target < row.targets(); target++) {
        changes[target * size + cells[point]] =
            answer.prediction(target) - row.prediction()[target];
      }
    }

    @Override
    public void finish() {
      for (int input = 0; input < row.inputs().length; input++) {
        int letters = Positions.letters(row.shapes()[input]);
        int all = row.isHeld(input) ? 0 : row.targets() * row.inputs()[input].length;
        for (int position = 0; position < all; position += letters) {
          centre(input, position, letters);
        }
      }
    }

    /** {@code from} counts the cells of all targets. */
    private void centre(int input, int from, int letters) {
      double mean = 0;
      for (int cell = from; cell < from + letters; cell++) {
        mean += scores.multipliers[input][cell] / letters;
      }
      float[] x = row.inputs()[input];
      for (int cell = from; cell < from + letters; cell++) {
        double centred = scores.multipliers[input][cell] - mean;
        scores.hypothetical[input][cell] = centred;
        double contribution = x[cell % x.length] * centred;
        scores.contributeToAll(cell / x.length, input, cell % x.length, contribution);
      }
    }
  }
}
