package org.deepliftspark.engine.method;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.change.ChangeSession;
import org.deepliftspark.engine.change.Changes;

/**
 * Asks points that are changes of the row: of inputs for which there is a plan by windows, of the
 * others as any points. For one thread.
 */
final class ChangeRunner {
  private final List<ChangeSession> sessions;
  private final PointRunner others;

  /**
   * @param sessions per input; null where there is none
   */
  ChangeRunner(List<ChangeSession> sessions, PointRunner others) {
    this.sessions = sessions;
    this.others = others;
  }

  void ask(List<RowPoint> rows, List<PointMethod.Task> tasks) {
    List<PointMethod.Task> rest = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      PointMethod.Task task = tasks.get(i);
      for (int first = 0, end; first < task.points(); first = end) {
        int input = task.change(first).input();
        end = first + 1;
        while (end < task.points() && task.change(end).input() == input) {
          end++;
        }
        Part part = new Part(task, first, end - first);
        if (sessions.get(input) == null) {
          rest.add(part);
        } else {
          ChangeSession session = sessions.get(input);
          session.ask(rows.get(i).inputs(), new OfInput(rows.get(i), part, input));
        }
      }
    }
    others.ask(rest);
    tasks.forEach(PointMethod.Task::finish);
  }

  /** Some of a task's points, which is not finished by them. */
  private record Part(PointMethod.Task task, int first, int points) implements PointMethod.Task {
    @Override
    public void write(int point, float[][] into, int at) {
      task.write(first + point, into, at);
    }

    @Override
    public Change change(int point) {
      return task.change(first + point);
    }

    @Override
    public void read(int point, Answer answer) {
      task.read(first + point, answer);
    }
  }

  /** Points that change one input of a row. */
  private static final class OfInput implements Changes {
    private final Part part;
    private final int input;
    private final float[][] scratch;

    OfInput(RowPoint row, Part part, int input) {
      this.part = part;
      this.input = input;
      this.scratch = new float[row.inputs().length][];
      for (int i = 0; i < scratch.length; i++) {
        scratch[i] = new float[row.inputs()[i].length];
      }
    }

    @Override
    public int count() {
      return part.points();
    }

    @Override
    public int first(int change) {
      return part.change(change).first();
    }

    @Override
    public int width(int change) {
      return part.change(change).width();
    }

    @Override
    public void write(int change, float[] into) {
      part.write(change, scratch, 0);
      System.arraycopy(scratch[input], 0, into, 0, into.length);
    }

    @Override
    public void read(int change, double[] predictions) {
      part.read(change, new Predictions(predictions));
    }
  }

  /** Predictions alone. */
  private record Predictions(double[] ofTargets) implements Answer {
    @Override
    public double prediction(int target) {
      return ofTargets[target];
    }

    @Override
    public double modelOutput(int target) {
      throw new IllegalStateException("Changes are asked for predictions only");
    }

    @Override
    public double gradient(int input, int target, int cell) {
      throw new IllegalStateException("Changes are asked for predictions only");
    }
  }
}
