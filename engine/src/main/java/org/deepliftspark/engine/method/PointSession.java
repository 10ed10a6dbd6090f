package org.deepliftspark.engine.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.change.ChangeSession;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Program;

/**
 * Explains batches by a method that asks points. A row's numbers do not depend on the other rows:
 * what is drawn for it comes from its seed, and sums are taken in double in a fixed order. For one
 * thread.
 */
public final class PointSession {
  private final PointMethod method;
  private final boolean random;
  private final int targets;
  private final List<ReferenceMode> modes;
  private final Shape[] shapes;
  private final PointRunner runner;
  private final ChangeRunner changes;
  private final int references;
  private final boolean inDouble;

  /**
   * @param random whether rows need a seed
   * @param program what the network says at a point
   * @param workspace of that program; the caller closes it
   * @param inputs of the model
   * @param modes where the references of each input come from
   * @param inDouble whether results are given in double
   * @param changes per input, what answers changes of it, or null where the program does; the
   *     caller closes them
   */
  public PointSession(
      PointMethod method,
      boolean random,
      Program program,
      Workspace workspace,
      List<Node> inputs,
      List<ReferenceMode> modes,
      boolean inDouble,
      List<ChangeSession> changes) {
    this.method = method;
    this.random = random;
    this.targets = program.sizes().targets();
    this.modes = modes;
    this.shapes = inputs.stream().map(Node::shape).toArray(Shape[]::new);
    this.runner = new PointRunner(program, workspace, shapes);
    this.changes = new ChangeRunner(changes, runner);
    this.references = modes.stream().mapToInt(ReferenceMode::count).max().orElse(1);
    this.inDouble = inDouble;
  }

  /** See {@code DeepLift.Session}. */
  public Attribution attribute(Batch batch) {
    if (random && (batch.seeds() == null || batch.seeds().length != batch.rows())) {
      throw new InvalidInputException(
          "Invalid batch: the method draws random numbers, expected a seed for each row");
    }
    List<Given> given = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      given.add(new Given(batch, row));
    }
    runner.ask(List.copyOf(given));
    List<RowScores> scores = new ArrayList<>();
    List<PointMethod.Task> tasks = new ArrayList<>();
    for (Given row : given) {
      RowScores found = new RowScores(shapes, targets, references);
      scores.add(found);
      tasks.add(method.begin(row.point(), found));
    }
    if (method.changed() > 0) {
      changes.ask(given.stream().map(Given::point).toList(), tasks);
    } else {
      runner.ask(tasks);
    }
    return new PointAssembler(batch.rows(), targets, references, inDouble).of(given, scores, modes);
  }

  /** A row of the batch: the row itself and its references are points as well. */
  final class Given implements PointMethod.Task {
    final double[] prediction = new double[targets];
    final double[] modelOutput = new double[targets];
    final double[][] referencePredictions = new double[references][targets];
    private final RowPoint row;

    Given(Batch batch, int at) {
      float[][] inputs = new float[shapes.length][];
      float[][][] ofRow = new float[shapes.length][][];
      for (int input = 0; input < shapes.length; input++) {
        int size = shapes[input].size();
        inputs[input] = Arrays.copyOfRange(batch.inputs().get(input), at * size, (at + 1) * size);
        if (!(modes.get(input) instanceof ReferenceMode.Hold)) {
          ofRow[input] = new float[references][];
          for (int reference = 0; reference < references; reference++) {
            ofRow[input][reference] = reference(batch, input, at, reference);
          }
        }
      }
      long seed = batch.seeds() == null ? 0 : batch.seeds()[at];
      this.row = new RowPoint(shapes, inputs, ofRow, prediction, referencePredictions, seed);
    }

    private float[] reference(Batch batch, int input, int at, int reference) {
      int size = shapes[input].size();
      ReferenceMode mode = modes.get(input);
      int number = mode.count() == 1 ? 0 : reference;
      if (mode instanceof ReferenceMode.Shared shared) {
        return Arrays.copyOfRange(shared.references().data(), number * size, (number + 1) * size);
      }
      int from = (at * mode.count() + number) * size;
      return Arrays.copyOfRange(batch.references().get(input), from, from + size);
    }

    RowPoint point() {
      return row;
    }

    double ofReference(int target, int reference) {
      return referencePredictions[reference][target];
    }

    @Override
    public int points() {
      return 1 + references;
    }

    @Override
    public void write(int point, float[][] into, int at) {
      if (point == 0) {
        row.copyInto(into, at);
      } else {
        row.copyReferenceInto(point - 1, into, at);
      }
    }

    @Override
    public void read(int point, Answer answer) {
      double[] into = point == 0 ? prediction : referencePredictions[point - 1];
      for (int target = 0; target < targets; target++) {
        into[target] = answer.prediction(target);
        if (point == 0) {
          modelOutput[target] = answer.modelOutput(target);
        }
      }
    }
  }
}
