package org.deepliftspark.engine.metric;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Elements;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.ProgramCompiler;

/**
 * A network of one input as a function from points to the numbers of its targets. For one thread;
 * close it to free native memory.
 */
public final class Network implements AutoCloseable {
  /** A method of which a program of predictions alone is made. */
  private static final String PREDICTIONS = "in-silico-mutagenesis";

  private final Shape shape;
  private final Program program;
  private final Executable executable;
  private final Workspace workspace;

  private Network(Shape shape, Program program, Executable executable) {
    this.shape = shape;
    this.program = program;
    this.executable = executable;
    this.workspace = executable.newWorkspace();
  }

  /**
   * @param targets target strings
   * @param backend {@code auto} or a backend's name
   * @throws InvalidInputException if the model has several inputs, or a target does not fit
   */
  public static Network open(Graph graph, List<String> targets, String backend) {
    if (graph.inputs().size() != 1) {
      throw new InvalidInputException(
          "Cannot evaluate "
              + graph.name()
              + ": expected a model with one input, found "
              + graph.inputs().size());
    }
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(PREDICTIONS)
            .targets(targets)
            .references(List.of(ReferenceMode.given(1)))
            .build();
    Program program = DeepLift.compile(graph, options);
    Executable executable = Backends.get(backend).compile(program, BackendOptions.DEFAULT);
    return new Network(graph.inputs().get(0).shape(), program, executable);
  }

  /** Shape of a point. */
  public Shape shape() {
    return shape;
  }

  /**
   * The targets' numbers.
   *
   * @param points {@code [count, shape...]}
   * @return {@code [count][targets]}
   */
  public double[][] predict(int count, float[] points) {
    double[][] found = new double[count][program.sizes().targets()];
    int size = shape.size();
    int atOnce = Math.max(1, workspace.preferredRows());
    for (int from = 0; from < count; from += atOnce) {
      int rows = Math.min(atOnce, count - from);
      float[] part = new float[rows * size];
      System.arraycopy(points, from * size, part, 0, part.length);
      Map<String, Numbers> outputs = workspace.run(new Batch(rows, List.of(part), List.of()));
      Numbers predictions = outputs.get(ProgramCompiler.PREDICTION);
      Elements elements = new Elements(program, ProgramCompiler.PREDICTION, rows);
      for (int row = 0; row < rows; row++) {
        for (int target = 0; target < found[from + row].length; target++) {
          found[from + row][target] =
              predictions.get(elements.of(0, 0, row, 0) * elements.size() + target);
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    workspace.close();
    executable.close();
  }
}
