package org.deepliftspark.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.change.ChangeNetwork;
import org.deepliftspark.engine.change.ChangePlan;
import org.deepliftspark.engine.change.ChangeSession;
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
import org.deepliftspark.engine.rule.WeightCheck;

/**
 * The door: explains a network's predictions. Holds the weights once; safe for many threads, each
 * with a {@link Session} of its own. Close it to free native memory: the weights go when the last
 * session is closed too. Closing twice does no harm.
 */
public final class DeepLift implements AutoCloseable {
  private final Graph graph;
  private final List<Target> targets;
  private final Program program;
  private final Executable executable;
  private final Lifetime lifetime;
  private final DeepLiftOptions options;
  private final Method method;
  private final List<ChangePlan> plans;
  private final List<ChangeNetwork> changes;

  private DeepLift(
      Graph graph,
      List<Target> targets,
      Program program,
      Executable executable,
      DeepLiftOptions options,
      List<ChangePlan> plans,
      List<ChangeNetwork> changes) {
    this.graph = graph;
    this.targets = targets;
    this.program = program;
    this.executable = executable;
    this.lifetime = new Lifetime(this::free);
    this.options = options;
    this.method = Method.of(options.method());
    this.plans = plans;
    this.changes = changes;
  }

  /**
   * Lowers the graph to a program and makes it ready on a backend.
   *
   * @throws InvalidInputException if a target, the references or the backend do not fit, or a row
   *     needs more memory than this machine has
   * @throws ModelFormatException if a weight that a target depends on is not finite
   * @throws UnsupportedModelException if a node has no rule
   */
  public static DeepLift open(Graph graph, DeepLiftOptions options) {
    List<Target> targets = targets(graph, options.targets());
    Program program = compile(graph, targets, options);
    int elementBytes =
        options.precision() == BackendOptions.Precision.F64 ? Double.BYTES : Float.BYTES;
    RoomCheck.check(program, graph.name(), elementBytes, RoomCheck.machine());
    List<ChangePlan> plans = plans(graph, targets, program, options);
    long memory = options.memoryBytes() / (1 + ChangePlans.programs(plans));
    BackendOptions backendOptions = new BackendOptions(options.precision(), memory, options.gpu());
    Backend backend = Backends.get(options.backend(), program, backendOptions);
    Executable executable = Backends.compile(backend, program, backendOptions);
    try {
      Backend ofParts = ofParts(plans, options, backend, backendOptions);
      List<ChangeNetwork> changes =
          ChangePlans.open(plans, part -> Backends.compile(ofParts, part, backendOptions));
      return new DeepLift(graph, targets, program, executable, options, plans, changes);
    } catch (RuntimeException | Error e) {
      executable.close();
      throw e;
    }
  }

  /** Programs of windows are small: what is the fastest for whole rows need not be it for them. */
  private static Backend ofParts(
      List<ChangePlan> plans,
      DeepLiftOptions options,
      Backend ofRows,
      BackendOptions backendOptions) {
    boolean some = ChangePlans.programs(plans) > 0;
    return some && options.backend().equals(Backends.AUTO)
        ? Backends.get(Backends.AUTO, null, backendOptions)
        : ofRows;
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
    List<Target> targets = targets(graph, options.targets());
    Program program = compile(graph, targets, options);
    return cost(graph, program, options, plans(graph, targets, program, options));
  }

  private static List<ChangePlan> plans(
      Graph graph, List<Target> targets, Program program, DeepLiftOptions options) {
    Method method = Method.of(options.method());
    return ChangePlans.of(folded(graph, targets, method), lowering(targets, options), program);
  }

  private static Cost cost(
      Graph graph, Program program, DeepLiftOptions options, List<ChangePlan> plans) {
    Method method = Method.of(options.method());
    Cost cost = Cost.of(program);
    if (!method.asksPoints()) {
      return cost;
    }
    int references = options.references().stream().mapToInt(ReferenceMode::count).max().orElse(1);
    double flops = cost.flopsPerRow() * (1 + references);
    List<Node> wholeRows = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Node input = graph.inputs().get(i);
      ChangePlan plan = plans.get(i);
      if (plan != null) {
        long points = PointMethod.of(method).points(List.of(input), references);
        flops += plan.flopsOfRow() + points * plan.flops();
      } else if (!(options.references().get(i) instanceof ReferenceMode.Hold)) {
        wholeRows.add(input);
      }
    }
    if (!wholeRows.isEmpty()) {
      flops += cost.flopsPerRow() * PointMethod.of(method).points(wholeRows, references);
    }
    return new Cost(flops, cost.bytesPerRow(), cost.sharedFlops());
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
    WeightCheck.check(graph, targets);
    Method method = Method.of(options.method());
    if (options.hypothetical() && !method.hasMultipliers()) {
      throw new InvalidInputException(
          "Invalid --hypothetical: "
              + method.kind().key()
              + " says nothing of letters that are not there");
    }
    Graph folded = folded(graph, targets, method);
    Lowering lowering = lowering(targets, options);
    return method.asksPoints()
        ? ProgramCompiler.compilePoint(folded, lowering)
        : ProgramCompiler.compile(folded, lowering);
  }

  /** What is lowered; methods that name a layer need layers as the model has them. */
  private static Graph folded(Graph graph, List<Target> targets, Method method) {
    return method.takesLayer() ? graph : FoldChannelAffine.apply(graph, targets);
  }

  private static Lowering lowering(List<Target> targets, DeepLiftOptions options) {
    return new Lowering(
        Method.of(options.method()),
        options.profile(),
        targets,
        options.references(),
        options.precision(),
        options.multipliers(),
        options.hypothetical());
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
    return cost(graph, program, options, plans);
  }

  /** What runs: backend, version, instruction set. */
  public String description() {
    String ofParts =
        changes.stream()
            .filter(Objects::nonNull)
            .map(ChangeNetwork::description)
            .findFirst()
            .orElse(executable.description());
    return ofParts.equals(executable.description())
        ? ofParts
        : executable.description() + "; windows on " + ofParts;
  }

  /**
   * Scratch memory of one thread.
   *
   * @throws IllegalStateException if the engine is closed
   */
  public Session newSession() {
    lifetime.enter();
    Workspace workspace = null;
    try {
      workspace = executable.newWorkspace();
      return new Session(workspace, ChangePlans.sessions(changes));
    } catch (RuntimeException | Error e) {
      if (workspace != null) {
        workspace.close();
      }
      lifetime.leave();
      throw e;
    }
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void free() {
    ChangePlans.close(changes);
    executable.close();
  }

  private interface Attributor {
    Attribution attribute(Batch batch);
  }

  private Attributor attributor(Workspace workspace, List<ChangeSession> sessions) {
    if (method.asksPoints()) {
      return new PointSession(
              PointMethod.of(method),
              method.isRandom(),
              program,
              workspace,
              graph.inputs(),
              options.references(),
              options.precision() == BackendOptions.Precision.F64,
              sessions)
          ::attribute;
    }
    AttributionAssembler assembler = new AttributionAssembler(program, graph.inputs());
    return batch -> assembler.assemble(batch.rows(), workspace.run(batch));
  }

  /**
   * Explains batches, on one thread. Another thread may close it: what is being computed is waited
   * for. Closing twice does no harm.
   */
  public final class Session implements AutoCloseable {
    private final Workspace workspace;
    private final List<ChangeSession> ofChanges;
    private final Attributor attributor;
    private boolean closed;

    private Session(Workspace workspace, List<ChangeSession> ofChanges) {
      this.workspace = workspace;
      this.ofChanges = ofChanges;
      this.attributor = attributor(workspace, ofChanges);
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
     * @throws InvalidInputException if an array's length differs from what the model needs, or a
     *     number in it is not finite
     * @throws IllegalStateException if the session is closed
     */
    public synchronized Attribution attribute(Batch batch) {
      if (closed) {
        throw new IllegalStateException("The session is closed: open another with newSession");
      }
      if (method.asksPoints()) {
        BatchCheck.check(batch, graph.inputs(), options.references());
      } else {
        BatchCheck.check(batch, program, graph.inputs());
      }
      return attributor.attribute(batch);
    }

    @Override
    public synchronized void close() {
      if (closed) {
        return;
      }
      closed = true;
      try {
        ChangePlans.closeSessions(ofChanges);
        workspace.close();
      } finally {
        lifetime.leave();
      }
    }
  }
}
