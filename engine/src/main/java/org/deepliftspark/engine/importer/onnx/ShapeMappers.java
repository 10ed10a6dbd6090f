package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
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
    Node in = call.computed(0);
    BatchAxis from = call.batchOf(in);
    int[] counted = ConstantShapes.permutation(call.node(), call.fileRank(in));
    BatchAxis to = from.at(indexOf(counted, from.position()));
    int[] permutation =
        Arrays.stream(counted)
            .filter(axis -> from.merged() || axis != from.position())
            .map(from::graphAxis)
            .toArray();
    if (in.op() instanceof Op.Transpose earlier && isInverse(earlier.permutation(), permutation)) {
      Node before = call.graph().node(in.inputs().get(0));
      if (call.batchOf(before).equals(to)) {
        return call.place(before, to);
      }
    }
    boolean channelsFirst = !from.merged() && channelsFirst(in, permutation);
    boolean onlyBatch = !to.equals(from) && isIdentity(permutation);
    Op op = onlyBatch ? new Op.Identity() : new Op.Transpose(permutation);
    return call.place(call.graph().add(call.node().name(), op, channelsFirst, in), to);
  }

  private static int indexOf(int[] values, int value) {
    return IntStream.range(0, values.length).filter(i -> values[i] == value).findFirst().orElse(-1);
  }

  private static boolean isIdentity(int... permutation) {
    return IntStream.range(0, permutation.length).allMatch(axis -> permutation[axis] == axis);
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
    return call.place(call.reshape(in, kept), call.batchOf(in).without(axes));
  }

  static Node unsqueeze(NodeCall call) {
    Node in = call.computed(0);
    long[] axes = call.integers("axes", 1);
    if (axes == null) {
      throw new IllegalArgumentException("it has no axes");
    }
    BatchAxis from = call.batchOf(in);
    int[] old = IntStream.range(2, call.fileRank(in) + 2).toArray();
    int[] which = ConstantShapes.unsqueezed(old, axes); // 1 where an axis is new
    int position = indexOf(which, from.position() + 2);
    int[] dims =
        IntStream.range(0, which.length)
            .filter(axis -> from.merged() || axis != position)
            .map(axis -> which[axis] == 1 ? 1 : from.length(which[axis] - 2, in.shape()))
            .toArray();
    return call.place(call.reshape(in, dims), from.at(position));
  }
}
