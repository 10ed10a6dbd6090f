package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.DeadValues;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Lowers a graph's forward pass alone: what the model predicts, final activations included. The
 * program's outputs are {@link #OUTPUT} with the number of the model's output appended, channels
 * last.
 */
public final class PredictionCompiler {
  public static final String OUTPUT = "output:";

  private PredictionCompiler() {}

  public static Program compile(Graph graph) {
    ProgramBuilder code = new ProgramBuilder();
    Value[] values = new Value[graph.nodes().size()];
    List<Node> inputs = graph.inputs();
    for (Node node : graph.nodes()) {
      code.label(node.name());
      if (node.op() instanceof Op.Input) {
        int number = inputs.indexOf(node);
        values[node.id()] = code.feed(Role.INPUT, number, Extent.of(Axis.ROW), node.shape());
      } else {
        List<Value> operands = new ArrayList<>();
        node.inputs().forEach(source -> operands.add(values[source]));
        values[node.id()] = Forward.value(node, operands, code);
      }
    }
    int number = 0;
    for (Node output : graph.outputs().values()) {
      Value value = values[output.id()];
      code.output(OUTPUT + number++, channelsLast(output, value, code));
    }
    return DeadValues.drop(code.build(new Program.Sizes(1, 1, 1)));
  }

  private static Value channelsLast(Node node, Value value, ProgramBuilder code) {
    int rank = node.shape().rank();
    if (!node.channelsFirst() || rank < 2) {
      return value;
    }
    int[] permutation = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      permutation[axis] = (axis + 1) % rank;
    }
    return code.transpose(value, permutation);
  }
}
