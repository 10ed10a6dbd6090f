package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;

/** Nodes that pass their input on, or only rename or reorder its axes. */
final class ShapeMappers {
  private ShapeMappers() {}

  static Node identity(NodeCall call) {
    return call.add(new Op.Identity(), call.computed(0));
  }

  static Node dropout(NodeCall call) {
    if (call.has(2) && call.constant(2, "training_mode").scalar("training_mode") != 0) {
      throw new UnsupportedNode("it is in training mode. Export the model for inference");
    }
    return identity(call);
  }

  static Node cast(NodeCall call) {
    ElementType type = ElementType.of(call.node().integer("to", 0));
    if (type == null || !type.isFloat()) {
      throw new UnsupportedNode(
          "to " + (type == null ? "an unknown type" : type) + ", which rounds");
    }
    return identity(call);
  }

  static Node flatten(NodeCall call) {
    Shape in = call.computed(0).shape();
    int axis = axisOrEnd(call.node().integer("axis", 1), in.rank() + 1);
    int before = 1;
    for (int counted = 1; counted < axis; counted++) {
      before *= in.dim(counted - 1);
    }
    if (axis == 0 || before != 1) {
      throw new UnsupportedNode(
          "axis " + axis + " of " + in + " mixes other axes with the batch axis");
    }
    return call.reshape(call.computed(0), in.size());
  }

  private static int axisOrEnd(long axis, int rank) {
    return axis == rank ? rank : Call.axis(axis, rank);
  }

  static Node transpose(NodeCall call) {
    Node in = call.anyComputed(0);
    int extra = call.isMerged(in) ? 0 : 1;
    int[] counted = ConstantShapes.permutation(call.node(), in.shape().rank() + extra);
    if (counted[0] != 0) {
      throw new UnsupportedNode("perm " + Arrays.toString(counted) + " moves the batch axis");
    }
    if (call.isMerged(in)) {
      return call.merge(call.add(new Op.Transpose(counted), in));
    }
    int[] permutation = Arrays.stream(counted).skip(1).map(axis -> axis - 1).toArray();
    if (in.op() instanceof Op.Transpose earlier && isInverse(earlier.permutation(), permutation)) {
      return call.graph().node(in.inputs().get(0));
    }
    return call.graph()
        .add(call.node().name(), new Op.Transpose(permutation), channelsFirst(in, permutation), in);
  }

  private static boolean isInverse(int[] first, int[] second) {
    return IntStream.range(0, first.length).allMatch(axis -> first[second[axis]] == axis);
  }

  /** Channels stay in front, or come there from the end. */
  private static boolean channelsFirst(Node in, int[] permutation) {
    if (permutation.length < 2 || permutation[0] == 0) {
      return in.channelsFirst();
    }
    boolean lastToFront =
        IntStream.range(1, permutation.length).allMatch(axis -> permutation[axis] == axis - 1);
    return lastToFront && !in.channelsFirst();
  }

  static Node squeeze(NodeCall call) {
    Node in = call.computed(0);
    int[] dims = in.shape().dims();
    long[] given = call.integers("axes", 1);
    if (given == null && call.fixedBatch() == 1) {
      throw new UnsupportedNode("without axes it drops the batch axis too");
    }
    int[] axes =
        given == null
            ? IntStream.range(0, dims.length).filter(axis -> dims[axis] == 1).toArray()
            : call.axes(given, in);
    for (int axis : axes) {
      if (dims[axis] != 1) {
        throw new IllegalArgumentException(
            "cannot squeeze axis " + (axis + 1) + " of input " + in.shape());
      }
    }
    int[] kept =
        IntStream.range(0, dims.length)
            .filter(axis -> Arrays.stream(axes).noneMatch(dropped -> dropped == axis))
            .map(axis -> dims[axis])
            .toArray();
    return call.reshape(in, kept);
  }

  static Node unsqueeze(NodeCall call) {
    Node in = call.computed(0);
    long[] axes = call.integers("axes", 1);
    if (axes == null) {
      throw new IllegalArgumentException("it has no axes");
    }
    int rank = in.shape().rank() + 1 + axes.length;
    long[] counted = LongStream.of(axes).map(axis -> Call.axis(axis, rank)).toArray();
    if (LongStream.of(counted).anyMatch(axis -> axis == 0)) {
      throw new UnsupportedNode("it puts an axis before the batch axis");
    }
    long[] shifted = LongStream.of(counted).map(axis -> axis - 1).toArray();
    return call.reshape(in, ConstantShapes.unsqueezed(in.shape().dims(), shifted));
  }
}
