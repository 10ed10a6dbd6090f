package org.deepliftspark.engine;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.PredictionCompiler;

/**
 * Runs an imported network forward, so that its predictions can be held against those of the
 * framework that it comes from. For one thread. Close it to free native memory; twice does no harm.
 */
public final class Predictor implements AutoCloseable {
  private final Graph graph;
  private final Program program;
  private final Executable executable;
  private final Workspace workspace;
  private boolean closed;

  private Predictor(Graph graph, Program program, Executable executable) {
    this.graph = graph;
    this.program = program;
    this.executable = executable;
    this.workspace = workspace(executable);
  }

  private static Workspace workspace(Executable executable) {
    try {
      return executable.newWorkspace();
    } catch (RuntimeException | Error e) {
      executable.close();
      throw e;
    }
  }

  /**
   * @param backend {@code auto} or a backend's name
   * @throws InvalidInputException if the backend cannot run here
   */
  public static Predictor open(Graph graph, String backend) {
    Program program = PredictionCompiler.compile(graph);
    Backend chosen = Backends.get(backend, program, BackendOptions.DEFAULT);
    return new Predictor(graph, program, Backends.compile(chosen, program, BackendOptions.DEFAULT));
  }

  /** How many rows at once suit the backend; any number works. */
  public int preferredRows() {
    return workspace.preferredRows();
  }

  /**
   * Predicts rows, final activations included.
   *
   * @param inputs per input of the model, {@code [rows, shape...]}, channels last
   * @return per output of the model, {@code [rows, shape...]}, channels last
   * @throws InvalidInputException if an array's length differs from what the model needs, or a
   *     number in it is not finite
   * @throws IllegalStateException if it is closed
   */
  public List<Numbers> predict(int rows, List<float[]> inputs) {
    if (closed) {
      throw new IllegalStateException("The predictor is closed");
    }
    Batch batch = new Batch(rows, inputs, List.of());
    BatchCheck.check(batch, program, graph.inputs());
    Map<String, Numbers> outputs = workspace.run(batch);
    return IntStream.range(0, graph.outputs().size())
        .mapToObj(number -> outputs.get(PredictionCompiler.OUTPUT + number))
        .toList();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      workspace.close();
    } finally {
      executable.close();
    }
  }
}
