package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.DeadValues;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Lowers parts of a forward pass: from values that are given, in the order of storage of their
 * nodes, to values of nodes or to predictions.
 */
public final class PartCompiler {
  /** Name of an output, with its number appended. */
  public static final String VALUE = "value:";

  private final ProgramBuilder code = new ProgramBuilder();
  private final Map<Integer, Value> values = new HashMap<>();

  private PartCompiler(List<Node> given) {
    for (Node node : given) {
      code.label(node.name());
      Value value = code.feed(Role.INPUT, values.size(), Extent.of(Axis.ROW), node.shape());
      values.put(node.id(), value);
    }
  }

  /**
   * @param given their ids and shapes matter
   * @param nodes in an order in which each can be computed; inputs are ids of others and of given
   *     ones
   * @param wanted ids of nodes; outputs are {@link #VALUE} and positions in this list
   */
  public static Program values(List<Node> given, List<Node> nodes, List<Integer> wanted) {
    PartCompiler part = new PartCompiler(given);
    nodes.forEach(part::write);
    for (int i = 0; i < wanted.size(); i++) {
      part.code.output(VALUE + i, part.values.get(wanted.get(i)));
    }
    return part.program(1);
  }

  /**
   * {@link ProgramCompiler#PREDICTION} of the targets, from the values of inner nodes.
   *
   * @param given nodes of the graph from which the targets can be computed
   */
  public static Program predictions(Graph graph, List<Node> given, Lowering lowering) {
    PartCompiler part = new PartCompiler(given);
    boolean[] needed = new boolean[graph.nodes().size()];
    lowering
        .targets()
        .forEach(target -> target.terms().forEach(term -> needed[term.node()] = true));
    for (int id = needed.length - 1; id >= 0; id--) {
      if (needed[id] && !part.values.containsKey(id)) {
        graph.node(id).inputs().forEach(source -> needed[source] = true);
      }
    }
    Value[] all = new Value[needed.length];
    for (Node node : graph.nodes()) {
      if (needed[node.id()]) {
        part.write(node);
        all[node.id()] = part.values.get(node.id());
      }
    }
    RuleBook rules = new RuleBook(lowering.method(), lowering.profile(), lowering.precision());
    ForwardValues point = new ForwardValues(graph, all, all, new boolean[needed.length], rules);
    TargetValues targets = new TargetValues(lowering, graph, all, point, part.code);
    part.code.label("prediction");
    part.code.output(ProgramCompiler.PREDICTION, targets.predictions(all));
    return part.program(lowering.targets().size());
  }

  private void write(Node node) {
    if (values.containsKey(node.id())) {
      return;
    }
    code.label(node.name());
    List<Value> operands = new ArrayList<>();
    node.inputs().forEach(source -> operands.add(values.get(source)));
    values.put(node.id(), Forward.value(node, operands, code));
  }

  private Program program(int targets) {
    return DeadValues.drop(code.build(new Program.Sizes(targets, 1, 1)));
  }
}
