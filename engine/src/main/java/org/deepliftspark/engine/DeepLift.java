package org.deepliftspark.engine;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.method.PointMethod;
import org.deepliftspark.engine.method.PointSession;
import org.deepliftspark.engine.program.Cost;
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
  private final DeepLiftOptions options;
  private final Method method;

  private DeepLift(
      Graph graph,
      List<Target> targets,
      Program program,
      Executable executable,
      DeepLiftOptions options) {
    this.graph = graph;
    this.targets = targets;
    this.program = program;
    this.executable = executable;
    this.options = options;
    this.method = Method.of(options.method());
  }

  /**
   * Lowers the graph to a program and makes it ready on a backend.
   *
   * @throws InvalidInputException if a target, the references or the backend do not fit, or a row
   *     needs more memory than this machine has
   * @throws UnsupportedModelException if a node has no rule
   */
  public static DeepLift open(Graph graph, DeepLiftOptions options) {
    List<Target> targets = targets(graph, options.targets());
    Program program = compile(graph, targets, options);
    int elementBytes =
        options.precision() == BackendOptions.Precision.F64 ? Double.BYTES : Float.BYTES;
    RoomCheck.check(program, graph.name(), elementBytes, RoomCheck.machine());
    BackendOptions backendOptions =
        new BackendOptions(options.precision(), options.memoryBytes(), options.gpu());
    Backend backend = Backends.get(options.backend(), program, backendOptions);
    return new DeepLift(
        graph, targets, program, Backends.compile(backend, program, backendOptions), options);
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

  /**
   * Targets that are read out at an inner layer, as texts that name it: {@code 3} at {@code conv1}
   * is {@code 'conv1':3}.
   *
   * @param layer name of a node, or null for the texts as they are
   * @throws InvalidInputException if there is no such layer, or no such target
   */
  public static List<String> targetsAt(Graph graph, String layer, List<String> texts) {
    return layer == null
        ? texts
        : new TargetParser(graph, layer).parse(texts).stream().map(Target::name).toList();
  }

  /** What a row costs, without a backend. */
  public static Cost cost(Graph graph, DeepLiftOptions options) {
    return cost(graph, compile(graph, options), options);
  }

  private static Cost cost(Graph graph, Program program, DeepLiftOptions options) {
    Method method = Method.of(options.method());
    Cost cost = Cost.of(program);
    if (!method.asksPoints()) {
      return cost;
    }
    List<Node> explained = new ArrayList<>();
    int references = 1;
    for (int i = 0; i < graph.inputs().size(); i++) {
      ReferenceMode mode = options.references().get(i);
      references = Math.max(references, mode.count());
      if (!(mode instanceof ReferenceMode.Hold)) {
        explained.add(graph.inputs().get(i));
      }
    }
    long points = 1L + references + PointMethod.of(method).points(explained, references);
    return new Cost(cost.flopsPerRow() * points, cost.bytesPerRow(), cost.sharedFlops());
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
    Method method = Method.of(options.method());
    if (options.hypothetical() && !method.hasMultipliers()) {
      throw new InvalidInputException(
          "Invalid --hypothetical: "
              + method.kind().key()
              + " says nothing of letters that are not there");
    }
    Lowering lowering =
        new Lowering(
            method,
            options.profile(),
            targets,
            options.references(),
            options.precision(),
            options.multipliers(),
            options.hypothetical());
    if (method.takesLayer()) {
      return ProgramCompiler.compile(graph, lowering); // layers as the model has them
    }
    Graph folded = FoldChannelAffine.apply(graph, targets);
    return method.asksPoints()
        ? ProgramCompiler.compilePoint(folded, lowering)
        : ProgramCompiler.compile(folded, lowering);
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
    return cost(graph, program, options);
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

  private interface Attributor {
    Attribution attribute(Batch batch);
  }

  private Attributor attributor(Workspace workspace) {
    if (method.asksPoints()) {
      return new PointSession(
              PointMethod.of(method),
              method.isRandom(),
              program,
              workspace,
              graph.inputs(),
              options.references(),
              options.precision() == BackendOptions.Precision.F64)
          ::attribute;
    }
    AttributionAssembler assembler = new AttributionAssembler(program, graph.inputs());
    return batch -> assembler.assemble(batch.rows(), workspace.run(batch));
  }

  /** Explains batches, on one thread. */
  public final class Session implements AutoCloseable {
    private final Workspace workspace;
    private final Attributor attributor;

    private Session(Workspace workspace) {
      this.workspace = workspace;
      this.attributor = attributor(workspace);
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
      if (method.asksPoints()) {
        BatchCheck.check(batch, graph.inputs(), options.references());
      } else {
        BatchCheck.check(batch, program, graph.inputs());
      }
      return attributor.attribute(batch);
    }

    @Override
    public void close() {
      workspace.close();
    }
  }
}
