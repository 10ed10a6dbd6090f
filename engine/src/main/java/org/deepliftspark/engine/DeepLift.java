package org.deepliftspark.engine;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.FoldChannelAffine;
import org.deepliftspark.engine.rule.Lowering;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.ProgramCompiler;

/**
 * The door: explains a network's predictions. Holds the weights once; safe for many threads, each
 * with a {@link Session} of its own. Close it to free native memory.
 */
public final class DeepLift implements AutoCloseable {
  private final Graph graph;
  private final List<Target> targets;
  private final Program program;
  private final Executable executable;
  private final AttributionAssembler assembler;

  private DeepLift(Graph graph, List<Target> targets, Program program, Executable executable) {
    this.graph = graph;
    this.targets = targets;
    this.program = program;
    this.executable = executable;
    this.assembler = new AttributionAssembler(program, graph.inputs());
  }

  /**
   * Lowers the graph to a program and makes it ready on a backend.
   *
   * @throws InvalidInputException if a target, the references or the backend do not fit
   * @throws UnsupportedModelException if a node has no rule
   */
  public static DeepLift open(Graph graph, DeepLiftOptions options) {
    Backend backend = Backends.get(options.backend());
    List<Target> targets = targets(graph, options.targets());
    Program program = compile(graph, targets, options);
    BackendOptions backendOptions = new BackendOptions(options.precision(), options.memoryBytes());
    return new DeepLift(graph, targets, program, backend.compile(program, backendOptions));
  }

  /**
   * The program of these options, without a backend: its cost can be told before anything native is
   * loaded.
   */
  public static Program compile(Graph graph, DeepLiftOptions options) {
    return compile(graph, targets(graph, options.targets()), options);
  }

  /** Resolves target strings; see {@code docs} for the grammar. */
  public static List<Target> targets(Graph graph, List<String> texts) {
    return new TargetParser(graph).parse(texts);
  }

  private static Program compile(Graph graph, List<Target> targets, DeepLiftOptions options) {
    if (options.references().size() != graph.inputs().size()) {
      throw new InvalidInputException(
          "Invalid references: expected one source per input, "
              + graph.inputs().size()
              + " in all ("
              + String.join(", ", graph.inputs().stream().map(Node::name).toList())
              + "), found "
              + options.references().size());
    }
    Lowering lowering =
        new Lowering(
            Method.of(options.method()),
            options.profile(),
            targets,
            options.references(),
            options.precision(),
            options.multipliers(),
            options.hypothetical());
    return ProgramCompiler.compile(FoldChannelAffine.apply(graph, targets), lowering);
  }

  public Graph graph() {
    return graph;
  }

  public List<Target> targets() {
    return targets;
  }

  public Program program() {
    return program;
  }

  public Cost cost() {
    return Cost.of(program);
  }

  /** What runs: backend, version, instruction set. */
  public String description() {
    return executable.description();
  }

  /** Scratch memory of one thread. */
  public Session newSession() {
    return new Session(executable.newWorkspace());
  }

  @Override
  public void close() {
    executable.close();
  }

  /** Explains batches, on one thread. */
  public final class Session implements AutoCloseable {
    private final Workspace workspace;

    private Session(Workspace workspace) {
      this.workspace = workspace;
    }

    /** How many rows per batch suit the backend; any number works. */
    public int preferredRows() {
      return workspace.preferredRows();
    }

    /**
     * Attributes the difference between predictions and reference predictions to the inputs.
     *
     * <p>For every row and reference {@code sum(contributions) = f(x) - f(reference)} up to
     * rounding; the remainder is returned as {@link Attribution#convergenceDelta()}. A row's result
     * does not depend on the other rows.
     *
     * @throws InvalidInputException if an array's length differs from what the model needs
     */
    public Attribution attribute(Batch batch) {
      BatchCheck.check(batch, program, graph.inputs());
      Map<String, Numbers> outputs = workspace.run(batch);
      return assembler.assemble(batch.rows(), outputs);
    }

    @Override
    public void close() {
      workspace.close();
    }
  }
}
