package org.deepliftspark.engine.method;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/**
 * Occlusion: a window slides over an input and is replaced by the reference; what the prediction
 * loses is shared equally by the window's positions, and a position gets the mean of its windows.
 * Windows at the end are cut. Source: Zeiler and Fergus 2013; shares as in DeepExplain (captum
 * gives each position the whole loss).
 *
 * @param window positions along each axis but the last
 * @param stride positions from window to window
 */
record Occlusion(int window, int stride) implements PointMethod {

  @Override
  public long points(List<Node> inputs, int references) {
    return references * inputs.stream().mapToLong(input -> windows(lengths(input.shape()))).sum();
  }

  /** Lengths of the axes along which the window slides. */
  private static int[] lengths(Shape shape) {
    int[] lengths = new int[Math.max(1, shape.rank() - 1)];
    for (int axis = 0; axis < lengths.length; axis++) {
      lengths[axis] = shape.dim(axis);
    }
    return lengths;
  }

  /** Windows start at every stride until one reaches the end, or the next would begin behind it. */
  private int windows(int length) {
    int reaching = length <= window ? 1 : 1 + (length - window + stride - 1) / stride;
    return Math.min(reaching, (length + stride - 1) / stride);
  }

  private int windows(int[] lengths) {
    int count = 1;
    for (int length : lengths) {
      count = Math.multiplyExact(count, windows(length));
    }
    return count;
  }

  @Override
  public int changed() {
    return window;
  }

  @Override
  public Task begin(RowPoint row, RowScores scores) {
    return new Windows(row, scores);
  }

  private final class Windows implements Task {
    private final RowPoint row;
    private final RowScores scores;

    /** Per input and window, the positions that it covers. */
    private final int[][][] positions;

    /** Per input and position, how many windows cover it. */
    private final int[][] covered;

    Windows(RowPoint row, RowScores scores) {
      this.row = row;
      this.scores = scores;
      this.positions = new int[row.inputs().length][][];
      this.covered = new int[row.inputs().length][];
      for (int input = 0; input < positions.length; input++) {
        Shape shape = row.shapes()[input];
        positions[input] = new int[row.isHeld(input) ? 0 : windows(lengths(shape))][];
        covered[input] = new int[Positions.count(shape)];
        for (int window = 0; window < positions[input].length; window++) {
          positions[input][window] = covers(shape, window);
          for (int position : positions[input][window]) {
            covered[input][position]++;
          }
        }
      }
    }

    @Override
    public int points() {
      return row.count() * Arrays.stream(positions).mapToInt(windows -> windows.length).sum();
    }

    @Override
    public void write(int point, float[][] into, int at) {
      Window found = window(point);
      row.copyInto(into, at);
      int size = row.inputs()[found.input].length;
      int letters = Positions.letters(row.shapes()[found.input]);
      for (int position : positions[found.input][found.number]) {
        System.arraycopy(
            row.references()[found.input][found.reference],
            position * letters,
            into[found.input],
            at * size + position * letters,
            letters);
      }
    }

    @Override
    public Change change(int point) {
      Window found = window(point);
      int[] inWindow = positions[found.input][found.number];
      int perFirst = row.stride(found.input) / Positions.letters(row.shapes()[found.input]);
      int first = inWindow[0] / perFirst;
      return new Change(found.input, first, inWindow[inWindow.length - 1] / perFirst - first + 1);
    }

    @Override
    public void read(int point, Answer answer) {
      Window found = window(point);
      int[] inWindow = positions[found.input][found.number];
      for (int target = 0; target < row.targets(); target++) {
        double loss = row.prediction()[target] - answer.prediction(target);
        for (int position : inWindow) {
          double share = loss / inWindow.length / covered[found.input][position];
          Positions.contribute(row, found.reference, target, found.input, position, share, scores);
        }
      }
    }

    private Window window(int point) {
      int rest = point;
      for (int input = 0; input < positions.length; input++) {
        int windows = positions[input].length;
        if (rest < windows * row.count()) {
          return new Window(input, rest / windows, rest % windows);
        }
        rest -= windows * row.count();
      }
      throw new IllegalArgumentException("No point " + point);
    }
  }

  private record Window(int input, int reference, int number) {}

  /** The positions that a window covers, row-major. */
  private int[] covers(Shape shape, int number) {
    int[] lengths = lengths(shape);
    int[] starts = new int[lengths.length];
    int[] counts = new int[lengths.length];
    int rest = number;
    int total = 1;
    for (int axis = lengths.length - 1; axis >= 0; axis--) {
      starts[axis] = rest % windows(lengths[axis]) * stride;
      rest /= windows(lengths[axis]);
      counts[axis] = Math.min(window, lengths[axis] - starts[axis]);
      total *= counts[axis];
    }
    int[] positions = new int[total];
    for (int i = 0; i < total; i++) {
      int inWindow = i;
      int stridden = 1;
      for (int axis = lengths.length - 1; axis >= 0; axis--) {
        positions[i] += (starts[axis] + inWindow % counts[axis]) * stridden;
        inWindow /= counts[axis];
        stridden *= lengths[axis];
      }
    }
    return positions;
  }
}
