package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Nodes that repeat cells: Expand, and what Resize does by whole factors. */
final class RepeatMappers {
  private RepeatMappers() {}

  static Node expand(NodeCall call) {
    Node in = call.computed(0);
    OnnxArray target = call.constant(1, "shape");
    int rank = in.shape().rank() + 1;
    int[] dims = in.shape().dims();
    for (int back = 1; back <= target.size(); back++) {
      int at = target.size() - back;
      long wanted = target.integer(at);
      boolean fixed = target.power(at) == 0;
      boolean batch =
          back == rank && (target.power(at) == 1 && wanted == 1 || wanted == call.fixedBatch());
      boolean kept =
          wanted == 1 && fixed || batch || back < rank && fixed && wanted == in.shape().dim(-back);
      if (!kept && (back >= rank || !fixed || in.shape().dim(-back) != 1)) {
        throw new UnsupportedNode(
            "to " + wanted + " along an axis of the batch or of more than one cell");
      }
      if (!kept) {
        dims[dims.length - back] = Math.toIntExact(wanted);
      }
    }
    return Arrays.equals(dims, in.shape().dims())
        ? call.add(new Op.Identity(), in)
        : call.add(new Op.Binary(Op.Arithmetic.ADD), in, zeros(call, repeats(in.shape(), dims)));
  }

  /** The sizes of axes that grow, and 1 where a cell stays one. */
  private static int[] repeats(Shape in, int... dims) {
    int[] repeats = new int[dims.length];
    Arrays.setAll(repeats, axis -> dims[axis] == in.dim(axis) ? 1 : dims[axis]);
    return repeats;
  }

  /** Adding zeros of a larger shape repeats what is added to. */
  private static Node zeros(NodeCall call, int... dims) {
    call.graph().claim(Shape.of(dims).size());
    return call.graph().constant(call.node().name() + "/zeros", Tensor.filled(0, Shape.of(dims)));
  }

  /** Repeats every cell of an axis as often as its factor says. */
  static Node repeat(NodeCall call, Node in, int... factors) {
    int axes = factors.length;
    int[] split = new int[2 * axes];
    int[] repeats = new int[2 * axes];
    int[] dims = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      split[2 * axis] = in.shape().dim(axis);
      split[2 * axis + 1] = 1;
      repeats[2 * axis] = 1;
      repeats[2 * axis + 1] = factors[axis];
      dims[axis] = Math.multiplyExact(in.shape().dim(axis), factors[axis]);
    }
    Node apart = call.addHelper("cells", new Op.Reshape(Shape.of(split)), in);
    Node repeated =
        call.addHelper("repeated", new Op.Binary(Op.Arithmetic.ADD), apart, zeros(call, repeats));
    return call.graph()
        .add(call.node().name(), new Op.Reshape(Shape.of(dims)), in.channelsFirst(), repeated);
  }
}
