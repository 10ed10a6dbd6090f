package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Layers that combine several tensors. */
final class MergeLayers {
  private MergeLayers() {}

  /** Folds an arithmetic operation over two or more tensors. */
  static LayerReader fold(Op.Arithmetic arithmetic) {
    return c -> {
      List<Value> operands = atLeastTwo(c);
      Value folded = operands.get(0);
      for (int k = 1; k < operands.size(); k++) {
        String name = k == operands.size() - 1 ? c.name() : c.aside("partial");
        folded = binary(c.graph(), name, arithmetic, folded, operands.get(k));
      }
      return folded;
    };
  }

  static Value average(LayerContext c) {
    List<Value> operands = atLeastTwo(c);
    Value sum = operands.get(0);
    for (int k = 1; k < operands.size(); k++) {
      sum = binary(c.graph(), c.aside("sum"), Op.Arithmetic.ADD, sum, operands.get(k));
    }
    Value count = c.graph().constant(c.aside("count"), Tensor.scalar(operands.size()));
    return binary(c.graph(), c.name(), Op.Arithmetic.DIVIDE, sum, count);
  }

  static Value concatenate(LayerContext c) {
    return concatenate(c, c.config().integer(-1, "axis", "concat_axis"));
  }

  static Value concatenate(LayerContext c, int axis) {
    if (c.inputs().size() == 1) {
      return c.keep(new Op.Identity());
    }
    List<Value> operands = atLeastTwo(c);
    Value first = operands.get(0);
    int kerasAxis = c.axis(axis, first.rank());
    boolean moved = GraphWriter.anyMoved(operands);
    return c.graph()
        .combine(
            c.name(), new Op.Concat(new Value(first.node(), moved).nodeAxis(kerasAxis)), operands);
  }

  /** Keras 1's one layer for all of these, called on tensors. */
  static Value merge(LayerContext c) {
    return switch (c.config().text("sum", "mode")) {
      case "sum" -> fold(Op.Arithmetic.ADD).read(c);
      case "mul" -> fold(Op.Arithmetic.MULTIPLY).read(c);
      case "max" -> fold(Op.Arithmetic.MAXIMUM).read(c);
      case "ave" -> average(c);
      case "concat" -> concatenate(c);
      case "dot", "cos" ->
          MoreDenseLayers.dot(
              c,
              c.config().text("", "mode").equals("cos"),
              c.config().ints(c.config().find("dot_axes"), "dot_axes"));
      default ->
          throw c.config()
              .invalid("mode", "sum, mul, max, ave, concat, dot or cos", c.config().find("mode"));
    };
  }

  /** Combines two tensors, broadcasting as NumPy does in Keras's axis order. */
  static Value binary(GraphWriter graph, String name, Op.Arithmetic arithmetic, Value a, Value b) {
    int rank = Math.max(a.rank(), b.rank());
    boolean moved = a.moved() || b.moved();
    List<Value> operands = new ArrayList<>();
    for (Value operand : List.of(a, b)) {
      boolean widen = moved && operand.rank() > 0 && operand.rank() < rank;
      operands.add(widen ? widened(graph, operand, rank) : operand);
    }
    return graph.combine(name, new Op.Binary(arithmetic), operands);
  }

  /**
   * Puts axes of length 1 in front, which broadcasting would do by itself if the channels had not
   * moved.
   */
  private static Value widened(GraphWriter graph, Value value, int rank) {
    int[] dims = new int[rank];
    int[] own = value.shape().dims();
    for (int axis = 0; axis < rank; axis++) {
      int from = axis - (rank - own.length);
      dims[axis] = from < 0 ? 1 : own[from];
    }
    Op reshape = new Op.Reshape(Shape.of(dims));
    String name = value.node().name() + "/widened";
    return graph.add(name, reshape, false, false, graph.kerasOrder(value));
  }

  private static List<Value> atLeastTwo(LayerContext c) {
    if (c.inputs().size() < 2) {
      throw new ModelFormatException(
          "Invalid architecture in %s: layer '%s' (%s) takes at least 2 inputs, found %d"
              .formatted(c.config().file(), c.name(), c.layer().className(), c.inputs().size()));
    }
    return c.inputs();
  }
}
