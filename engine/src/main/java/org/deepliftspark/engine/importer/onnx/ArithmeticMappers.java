package org.deepliftspark.engine.importer.onnx;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Tensor;

/** Element-wise arithmetic of two or more operands. */
final class ArithmeticMappers {
  private ArithmeticMappers() {}

  static Node binary(NodeCall call, Arithmetic arithmetic) {
    if (call.inputs().size() != 2) {
      throw new IllegalArgumentException("it has " + call.inputs().size() + " inputs, expected 2");
    }
    return chain(call, arithmetic);
  }

  static Node chain(NodeCall call, Arithmetic arithmetic) {
    List<Node> operands = call.operands(rank(call));
    if (operands.size() == 1) {
      return call.add(new Op.Identity(), operands.get(0));
    }
    Node result = operands.get(0);
    for (int i = 1; i < operands.size() - 1; i++) {
      result = call.addHelper("partial", new Op.Binary(arithmetic), result, operands.get(i));
    }
    return call.add(new Op.Binary(arithmetic), result, operands.get(operands.size() - 1));
  }

  /** The number of axes that all computed operands have. */
  private static int rank(NodeCall call) {
    int rank = -1;
    for (OnnxValue value : call.inputs()) {
      if (value == null) {
        throw new IllegalArgumentException("an operand is missing");
      }
      if (value instanceof OnnxValue.Computed computed) {
        int found = computed.node().shape().rank();
        if (rank >= 0 && found != rank) {
          throw new UnsupportedNode(
              "operands with "
                  + (rank + 1)
                  + " and "
                  + (found + 1)
                  + " axes mix the examples of a batch");
        }
        rank = found;
      }
    }
    if (rank < 0) {
      throw new UnsupportedNode("all its operands are constant");
    }
    return rank;
  }

  static Node negate(NodeCall call) {
    Node in = call.computed(0);
    Node minusOne = call.graph().constant(call.node().name() + "/factor", Tensor.scalar(-1));
    return call.add(new Op.Binary(Arithmetic.MULTIPLY), in, minusOne);
  }
}
