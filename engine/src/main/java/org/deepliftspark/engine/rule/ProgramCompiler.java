package org.deepliftspark.engine.rule;

import java.util.ArrayList;
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
    this.rules = new RuleBook(lowering.profile(), lowering.precision());
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

  private Program compile() {
    checkReferences();
    rules.check(graph, active);
    feed();
    forward();
    ForwardValues at = new ForwardValues(graph, inputs, references, active);
    TargetValues targets = new TargetValues(lowering, graph, at, code);
    code.label("prediction");
    code.output(PREDICTION, targets.predictions(inputs));
    code.output(REFERENCE_PREDICTION, targets.predictions(references));
    code.output(MODEL_OUTPUT, targets.modelOutputs(inputs));
    Value[] multipliers = backward(at, targets.seeds());
    for (int i = 0; i < graph.inputs().size(); i++) {
      writeScores(i, multipliers[graph.inputs().get(i).id()], at);
    }
    return DeadValues.drop(
        code.build(new Program.Sizes(lowering.targets().size(), 1, referenceCount)));
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
  private Value[] backward(ForwardValues at, Value[] seeds) {
    Value[] multipliers = seeds;
    for (int id = graph.nodes().size() - 1; id >= 0; id--) {
      Node node = graph.node(id);
      if (multipliers[id] == null || !active[id] || node.op() instanceof Op.Input) {
        continue;
      }
      code.label("multiplier of " + node.name());
      Rule rule = rules.ruleFor(node, graph, active).orElseThrow();
      List<Value> values = rule.backward(node, at, multipliers[id], code);
      if (values.size() != node.inputs().size()) {
        throw new IllegalStateException(
            "Rule '"
                + rule.name()
                + "' returned "
                + values.size()
                + " multipliers for node '"
                + node.name()
                + "' with "
                + node.inputs().size()
                + " inputs");
      }
      for (int operand = 0; operand < values.size(); operand++) {
        accumulate(multipliers, node.inputs().get(operand), values.get(operand));
      }
    }
    return multipliers;
  }

  private void accumulate(Value[] multipliers, int source, Value value) {
    if (value != null && active[source]) {
      multipliers[source] =
          multipliers[source] == null ? value : code.add(multipliers[source], value);
    }
  }

  private void writeScores(int i, Value found, ForwardValues at) {
    Node input = graph.inputs().get(i);
    if (!active[input.id()]) {
      return;
    }
    code.label("scores of " + input.name());
    // an input that no target depends on has contributions all the same: zeros
    Value multiplier = found == null ? code.constant(Tensor.filled(0f, input.shape())) : found;
    code.output(CONTRIBUTIONS + i, code.multiply(multiplier, at.delta(input.id(), code)));
    if (lowering.multipliers()) {
      code.output(MULTIPLIERS + i, multiplier);
    }
    if (lowering.hypothetical()) {
      Value ofReference = code.multiply(multiplier, at.reference(input.id()));
      Value perPosition = code.reduce(Op.Reduction.SUM, ofReference, input.shape().rank() - 1);
      code.output(HYPOTHETICAL + i, code.subtract(multiplier, perPosition));
    }
  }
}
