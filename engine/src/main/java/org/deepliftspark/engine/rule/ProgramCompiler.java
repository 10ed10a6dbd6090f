package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.DeadValues;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Lowers a graph to a program: the forward pass of the input ({row}), that of its references ({row,
 * reference}, or {reference} where all rows share them), and one backward pass per pair and target
 * by the rules.
 *
 * <p>Outputs of the program: {@link #PREDICTION} and {@link #REFERENCE_PREDICTION} of shape {@code
 * [targets]}, {@link #MODEL_OUTPUT} likewise after the final activation, and per input {@link
 * #CONTRIBUTIONS}, {@link #MULTIPLIERS}, {@link #HYPOTHETICAL} with the input's number appended,
 * shaped as that input.
 */
public final class ProgramCompiler {
  public static final String PREDICTION = "prediction";
  public static final String REFERENCE_PREDICTION = "reference_prediction";
  public static final String MODEL_OUTPUT = "model_output";
  public static final String CONTRIBUTIONS = "contributions:";
  public static final String MULTIPLIERS = "multipliers:";
  public static final String HYPOTHETICAL = "hypothetical:";

  private final Graph graph;
  private final Lowering lowering;
  private final RuleBook rules;
  private final ProgramBuilder code = new ProgramBuilder();
  private final boolean[] active;
  private final Value[] inputs;
  private final Value[] references;
  private final int referenceCount;

  private ProgramCompiler(Graph graph, Lowering lowering) {
    this.graph = graph;
    this.lowering = lowering;
    this.rules = new RuleBook(lowering.method(), lowering.profile(), lowering.precision());
    this.active = active(graph, lowering.references());
    this.inputs = new Value[graph.nodes().size()];
    this.references = new Value[graph.nodes().size()];
    this.referenceCount =
        lowering.references().stream().mapToInt(ReferenceMode::count).max().orElse(1);
  }

  /**
   * @throws org.deepliftspark.engine.UnsupportedModelException if a node has no rule; all are named
   * @throws InvalidInputException if the references do not fit the inputs
   */
  public static Program compile(Graph graph, Lowering lowering) {
    return new ProgramCompiler(graph, lowering).compile();
  }

  /** Per node, whether it depends on an input that is explained. */
  public static boolean[] active(Graph graph, List<ReferenceMode> references) {
    boolean[] active = new boolean[graph.nodes().size()];
    List<Node> inputs = graph.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      active[inputs.get(i).id()] = !(references.get(i) instanceof ReferenceMode.Hold);
    }
    for (Node node : graph.nodes()) {
      for (int source : node.inputs()) {
        active[node.id()] |= active[source];
      }
    }
    return active;
  }

  /**
   * What the network says at a point, without references: {@link #PREDICTION}, {@link
   * #MODEL_OUTPUT} and, if asked for, the gradient there as {@link #MULTIPLIERS}.
   *
   * @throws org.deepliftspark.engine.UnsupportedModelException if a node has no rule; all are named
   * @throws InvalidInputException if the references do not fit the inputs
   */
  public static Program compilePoint(Graph graph, Lowering lowering) {
    return new ProgramCompiler(graph, lowering).compilePoint();
  }

  private Program compilePoint() {
    checkReferences();
    feed();
    forward();
    ForwardValues point = new ForwardValues(graph, inputs, inputs, active, rules);
    TargetValues targets = new TargetValues(lowering, graph, inputs, point, code);
    code.label("prediction");
    code.output(PREDICTION, targets.predictions(inputs));
    code.output(MODEL_OUTPUT, targets.modelOutputs(inputs));
    if (lowering.method().asksGradients()) {
      rules.check(graph, active, needed());
      Multipliers[] multipliers = backward(rules, point, targets.seeds());
      for (int i = 0; i < graph.inputs().size(); i++) {
        Node input = graph.inputs().get(i);
        if (active[input.id()]) {
          code.output(MULTIPLIERS + i, orZeros(multipliers[input.id()], input).mean(code));
        }
      }
    }
    return DeadValues.drop(code.build(new Program.Sizes(lowering.targets().size(), 1, 1)));
  }

  private Program compile() {
    checkReferences();
    boolean[] needed = needed();
    rules.check(graph, active, needed);
    Method method = lowering.method();
    GradCam gradCam = method.takesLayer() ? GradCam.of(method.layer(), graph, needed) : null;
    feed();
    forward();
    ForwardValues points = points();
    TargetValues targets = new TargetValues(lowering, graph, inputs, points, code);
    code.label("prediction");
    code.output(PREDICTION, targets.predictions(inputs));
    code.output(REFERENCE_PREDICTION, targets.predictions(references));
    code.output(MODEL_OUTPUT, targets.modelOutputs(inputs));
    Value[] seeds = targets.seeds();
    Multipliers[] multipliers = backward(rules, points, seeds);
    Value layer = gradCam == null ? null : gradientAt(gradCam.layer(), points, seeds, multipliers);
    for (int i = 0; i < graph.inputs().size(); i++) {
      Node input = graph.inputs().get(i);
      if (active[input.id()]) {
        code.label("scores of " + input.name());
        Value map =
            gradCam == null ? null : gradCam.map(input, inputs[gradCam.layer().id()], layer, code);
        writeScores(i, input, orZeros(multipliers[input.id()], input), map);
      }
    }
    int samples = lowering.method().samples();
    return DeadValues.drop(
        code.build(new Program.Sizes(lowering.targets().size(), samples, referenceCount)));
  }

  /** Nodes that a target depends on. */
  private boolean[] needed() {
    boolean[] needed = new boolean[graph.nodes().size()];
    lowering
        .targets()
        .forEach(target -> target.terms().forEach(term -> needed[term.node()] = true));
    for (int id = needed.length - 1; id >= 0; id--) {
      for (int source : graph.node(id).inputs()) {
        needed[source] |= needed[id];
      }
    }
    return needed;
  }

  /** The two points between which rules take slopes: the same point twice makes them gradients. */
  private ForwardValues points() {
    return switch (lowering.method().points()) {
      case REFERENCE_TO_INPUT -> new ForwardValues(graph, inputs, references, active, rules);
      case INPUT -> new ForwardValues(graph, inputs, inputs, active, rules);
      case GRADIENTS, PREDICTIONS ->
          throw new IllegalStateException("Method asks points of its own: " + lowering.method());
      case PATH -> {
        Value[] path = path();
        yield new ForwardValues(graph, path, path, active, rules);
      }
    };
  }

  /** Forward values on the straight way from reference to input, at the points of its steps. */
  private Value[] path() {
    Value[] path = new Value[graph.nodes().size()];
    Method method = lowering.method();
    float[] points = floats(method.quadrature().nodes(method.samples()).points());
    for (Node input : graph.inputs()) {
      code.label(input.name() + " on the way");
      Value share = perSample(points, input);
      Value way = code.multiply(delta(input), share);
      path[input.id()] =
          active[input.id()] ? code.add(references[input.id()], way) : inputs[input.id()];
    }
    for (Node node : graph.nodes()) {
      if (!active[node.id()]) {
        path[node.id()] = inputs[node.id()];
      } else if (!(node.op() instanceof Op.Input)) {
        code.label(node.name() + " on the way");
        path[node.id()] = Forward.value(node, operands(node, path), code);
      }
    }
    return path;
  }

  private Value delta(Node input) {
    return code.subtract(inputs[input.id()], references[input.id()]);
  }

  private void checkReferences() {
    for (int i = 0; i < graph.inputs().size(); i++) {
      Node input = graph.inputs().get(i);
      ReferenceMode mode = lowering.references().get(i);
      if (mode.count() != referenceCount && mode.count() != 1) {
        throw new InvalidInputException(
            "Invalid references of input '"
                + input.name()
                + "': expected "
                + referenceCount
                + " per row as for the other inputs, or 1, found "
                + mode.count());
      }
      if (mode instanceof ReferenceMode.Shared shared
          && shared.references().size() != mode.count() * input.shape().size()) {
        throw new InvalidInputException(
            "Invalid references of input '"
                + input.name()
                + "': expected shape [references, "
                + input.shape().toString().substring(1)
                + ", found "
                + shared.references().shape());
      }
      if (mode instanceof ReferenceMode.Shared shared) {
        requireFinite(input, shared.references().data());
      }
    }
  }

  private static void requireFinite(Node input, float[] references) {
    for (float number : references) {
      if (!Float.isFinite(number)) {
        throw new InvalidInputException(
            "Invalid references of input '"
                + input.name()
                + "': expected finite numbers, found "
                + number);
      }
    }
  }

  private void feed() {
    for (int i = 0; i < graph.inputs().size(); i++) {
      Node input = graph.inputs().get(i);
      code.label(input.name());
      inputs[input.id()] = code.feed(Role.INPUT, i, Extent.of(Axis.ROW), input.shape());
      code.label(input.name() + " of the reference");
      references[input.id()] = reference(i, input);
    }
  }

  private Value reference(int i, Node input) {
    ReferenceMode mode = lowering.references().get(i);
    boolean many = mode.count() == referenceCount;
    if (mode instanceof ReferenceMode.Given) {
      Extent extent = many ? Extent.of(Axis.ROW, Axis.REFERENCE) : Extent.of(Axis.ROW);
      return code.feed(Role.REFERENCE, i, extent, input.shape());
    } else if (mode instanceof ReferenceMode.Shared shared) {
      Tensor data = Tensor.of(shared.references().data(), Shape.of(shared.references().size()));
      return code.constant(data, many ? Extent.of(Axis.REFERENCE) : Extent.NONE, input.shape());
    }
    return inputs[input.id()];
  }

  private void forward() {
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Op.Input)) {
        code.label(node.name());
        inputs[node.id()] = Forward.value(node, operands(node, inputs), code);
      }
    }
    for (Node node : graph.nodes()) {
      if (!active[node.id()]) {
        references[node.id()] = inputs[node.id()];
      } else if (!(node.op() instanceof Op.Input)) {
        code.label(node.name() + " of the reference");
        references[node.id()] = Forward.value(node, operands(node, references), code);
      }
    }
  }

  private static List<Value> operands(Node node, Value[] values) {
    List<Value> operands = new ArrayList<>();
    for (int source : node.inputs()) {
      operands.add(values[source]);
    }
    return operands;
  }

  /** Walks the graph from its end; a node's multipliers are the sum over the nodes that read it. */
  private Multipliers[] backward(RuleBook by, ForwardValues at, Value[] seeds) {
    Multipliers[] multipliers = new Multipliers[seeds.length];
    for (int id = seeds.length - 1; id >= 0; id--) {
      Node node = graph.node(id);
      if (seeds[id] != null) {
        accumulate(multipliers, id, Multipliers.of(seeds[id]));
      }
      if (multipliers[id] == null || !active[id] || node.op() instanceof Op.Input) {
        continue;
      }
      code.label("multiplier of " + node.name());
      Rule rule = by.ruleFor(node, graph, active).orElseThrow();
      List<Multipliers> found = rule.backward(node, at, multipliers[id], code);
      if (found.size() != node.inputs().size()) {
        throw new IllegalStateException(
            "Rule '"
                + rule.name()
                + "' returned "
                + found.size()
                + " multipliers for node '"
                + node.name()
                + "' with "
                + node.inputs().size()
                + " inputs");
      }
      for (int operand = 0; operand < found.size(); operand++) {
        accumulate(multipliers, node.inputs().get(operand), found.get(operand));
      }
    }
    return multipliers;
  }

  private void accumulate(Multipliers[] multipliers, int source, Multipliers further) {
    if (further != null && active[source]) {
      multipliers[source] =
          multipliers[source] == null ? further : multipliers[source].plus(further, code);
    }
  }

  /** The plain gradient at a node, whatever rule activations have. */
  private Value gradientAt(Node node, ForwardValues at, Value[] seeds, Multipliers[] multipliers) {
    Multipliers found = multipliers[node.id()];
    if (lowering.method().isGuided()) {
      RuleBook plain = new RuleBook(Method.GRADIENT, lowering.profile(), lowering.precision());
      found = backward(plain, at, seeds)[node.id()];
    }
    if (found == null) {
      throw new InvalidInputException(
          "Invalid layer '"
              + node.name()
              + "' (--method "
              + lowering.method().kind().key()
              + ":LAYER): the target does not depend on the input through it");
    }
    return found.mean(code);
  }

  /** An input that no target depends on has contributions all the same: zeros. */
  private Multipliers orZeros(Multipliers found, Node input) {
    return found == null ? Multipliers.of(code.constant(Tensor.filled(0f, input.shape()))) : found;
  }

  /**
   * @param map of a layer, shaped as the input with one channel, or null
   */
  private void writeScores(int i, Node input, Multipliers found, Value map) {
    Method method = lowering.method();
    if (map != null && !method.hasMultipliers()) {
      // a position's sum is the map there
      int channels = input.shape().dim(-1);
      Value share = code.constant(Tensor.filled(1f / channels, input.shape()));
      code.output(CONTRIBUTIONS + i, code.multiply(map, share));
      return;
    }
    Multipliers m = map == null ? weighted(found, input) : found.map(v -> code.multiply(v, map));
    code.output(CONTRIBUTIONS + i, contributions(input, m));
    if (lowering.multipliers()) {
      code.output(MULTIPLIERS + i, m.mean(code));
    }
    if (lowering.hypothetical()) {
      Value ofReference = code.multiply(m.mean(code), references[input.id()]);
      Value perPosition = code.reduce(Op.Reduction.SUM, ofReference, input.shape().rank() - 1);
      code.output(HYPOTHETICAL + i, code.subtract(m.mean(code), perPosition));
    }
  }

  /** Multipliers of the points of an integral, so that their plain mean is the integral. */
  private Multipliers weighted(Multipliers m, Node input) {
    if (lowering.method().quadrature() != Quadrature.GAUSS_LEGENDRE) {
      return m;
    }
    int steps = lowering.method().samples();
    float[] weights = floats(lowering.method().quadrature().nodes(steps).weights());
    for (int step = 0; step < steps; step++) {
      weights[step] *= steps;
    }
    Value weight = perSample(weights, input);
    return m.map(value -> code.multiply(value, weight));
  }

  /** A number per step, shaped to broadcast to an input. */
  private Value perSample(float[] numbers, Node input) {
    int[] ones = new int[input.shape().rank()];
    Arrays.fill(ones, 1);
    return code.constant(
        Tensor.of(numbers, numbers.length), Extent.of(Axis.SAMPLE), Shape.of(ones));
  }

  private static float[] floats(double[] numbers) {
    return Numbers.of(numbers).floats();
  }

  private Value contributions(Node input, Multipliers m) {
    if (lowering.method().timesInput()) {
      return code.multiply(m.mean(code), inputs[input.id()]);
    } else if (!m.isSplit()) {
      return code.multiply(m.positive(), delta(input));
    }
    Parts parts = Parts.bySign(delta(input), code);
    return code.add(
        code.multiply(m.positive(), parts.positive()),
        code.multiply(m.negative(), parts.negative()));
  }
}
