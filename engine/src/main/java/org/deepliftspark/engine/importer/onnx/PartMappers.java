package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.LinearMaps;

/** Nodes that take parts of a value, put parts together, or pad. */
final class PartMappers {
  private static final long LARGEST_PAD = 1 << 24;

  private PartMappers() {}

  static Node concat(NodeCall call) {
    Node widest = null;
    for (OnnxValue value : call.inputs()) {
      if (value instanceof OnnxValue.Computed computed
          && (widest == null || computed.node().shape().rank() > widest.shape().rank())) {
        widest = computed.node();
      }
    }
    if (widest == null) {
      throw new UnsupportedNode("all its operands are constant");
    }
    int fileRank = call.fileRank(widest);
    for (int input = 0; input < call.inputs().size(); input++) {
      int found =
          call.isConstant(input)
              ? call.constant(input, "operand").rank()
              : call.fileRank(call.computed(input));
      if (found != fileRank) {
        throw new IllegalArgumentException(
            "its inputs have " + fileRank + " and " + found + " axes");
      }
    }
    List<Node> operands = call.operands(widest.shape().rank());
    if (fileRank == 1) {
      throw new UnsupportedNode("it works along the batch axis");
    }
    int axis = call.axis(call.node().integer("axis", 1), widest);
    return call.add(new Op.Concat(axis), operands.toArray(Node[]::new));
  }

  /** Where a slice starts, how it steps and how long it is, per axis of the graph. */
  private record Part(int[] starts, int[] steps, int[] dims) {
    static Part whole(Shape in) {
      int[] steps = new int[in.rank()];
      Arrays.fill(steps, 1);
      return new Part(new int[in.rank()], steps, in.dims());
    }

    Part take(int axis, int start, int step, int count) {
      starts[axis] = start;
      steps[axis] = step;
      dims[axis] = count;
      return this;
    }

    Op.Slice op() {
      return new Op.Slice(starts, steps, Shape.of(dims));
    }
  }

  static Node slice(NodeCall call) {
    Node in = call.computed(0);
    BatchAxis batch = call.batchOf(in);
    Part part = Part.whole(in.shape());
    List<Integer> backwards = new ArrayList<>();
    for (SliceRange range : SliceRange.of(call, call.fileRank(in))) {
      boolean wholeBatch =
          range.isWhole()
              || range.start() == 0
                  && range.step() == 1
                  && call.fixedBatch() > 0
                  && range.end() >= call.fixedBatch();
      if (range.axis() == batch.position() && !batch.merged() && wholeBatch) {
        continue;
      }
      int axis = call.axis(range.axis(), in);
      int length = in.shape().dim(axis);
      int step = (int) Math.max(-length, Math.min(range.step(), length));
      int first = range.first(length);
      int count = range.count(length);
      if (step < 0) {
        backwards.add(axis);
      }
      part.take(axis, step < 0 ? first + (count - 1) * step : first, Math.abs(step), count);
    }
    if (backwards.isEmpty()) {
      return call.add(part.op(), in);
    }
    Node value = call.addHelper("slice", part.op(), in);
    for (int k = 0; k < backwards.size(); k++) {
      String name = call.node().name() + (k == backwards.size() - 1 ? "" : "/axis" + k);
      value = LinearMaps.flip(call.graph(), name, value, backwards.get(k));
    }
    return value;
  }

  /** Indices may be of any rank, which takes the place of the axis; none drops it. */
  static Node gather(NodeCall call) {
    Node in = call.computed(0);
    OnnxArray indices = call.constant(1, "index");
    int axis = call.axis(call.node().integer("axis", 0), in);
    int length = in.shape().dim(axis);
    int[] picks =
        Arrays.stream(indices.plainIntegers("its index"))
            .mapToInt(index -> Call.axis(index, length))
            .toArray();
    if (picks.length == 0) {
      throw new UnsupportedNode("it picks nothing");
    }
    boolean inPlace = indices.rank() == 1;
    String name = call.node().name() + (inPlace ? "" : "/picked");
    Node picked = pick(call, name, in, axis, picks);
    if (inPlace) {
      return picked;
    }
    int[] dims = new int[in.shape().rank() - 1 + indices.rank()];
    for (int k = 0; k < dims.length; k++) {
      int behind = k - indices.rank() + 1;
      dims[k] =
          k < axis
              ? in.shape().dim(k)
              : behind > axis ? in.shape().dim(behind) : indices.dims()[k - axis];
    }
    BatchAxis batch = call.batchOf(in);
    int shift = axis < batch.position() ? indices.rank() - 1 : 0;
    return call.place(call.reshape(picked, dims), batch.at(batch.position() + shift));
  }

  /** A slice where the cells are evenly spaced, turned round where they fall. */
  private static Node pick(NodeCall call, String name, Node in, int axis, int... picks) {
    int step = picks.length > 1 ? picks[1] - picks[0] : 1;
    boolean even = step != 0;
    for (int i = 1; i < picks.length; i++) {
      even &= picks[i] - picks[i - 1] == step;
    }
    if (!even) {
      return LinearMaps.pick(call.graph(), name, in, axis, picks);
    }
    int start = Math.min(picks[0], picks[picks.length - 1]);
    Op slice = Part.whole(in.shape()).take(axis, start, Math.abs(step), picks.length).op();
    return step > 0
        ? call.graph().add(name, slice, in)
        : LinearMaps.flip(call.graph(), name, call.addHelper("slice", slice, in), axis);
  }

  static List<Node> split(NodeCall call) {
    Node in = call.computed(0);
    int axis = call.axis(call.node().integer("axis", 0), in);
    List<Node> parts = new ArrayList<>();
    int start = 0;
    for (int length : SplitLengths.of(call, in.shape().dim(axis))) {
      String name = call.node().outputs().get(parts.size());
      Op.Slice slice = Part.whole(in.shape()).take(axis, start, 1, length).op();
      parts.add(call.graph().add(name.isEmpty() ? call.node().name() : name, slice, in));
      start += length;
    }
    return parts;
  }

  /** Negative pads crop. */
  static Node pad(NodeCall call) {
    String mode = call.node().text("mode", "constant");
    if (!mode.equals("constant")) {
      throw new UnsupportedNode("mode " + mode);
    }
    Node in = call.computed(0);
    int rank = in.shape().rank();
    int[] begin = new int[rank];
    int[] end = new int[rank];
    readPads(call, in, begin, end);
    Part crop = Part.whole(in.shape());
    boolean crops = false;
    for (int axis = 0; axis < rank; axis++) {
      int from = Math.max(0, -begin[axis]);
      int count = in.shape().dim(axis) - from - Math.max(0, -end[axis]);
      crops |= count != in.shape().dim(axis);
      crop.take(axis, from, 1, count);
      begin[axis] = Math.max(0, begin[axis]);
      end[axis] = Math.max(0, end[axis]);
    }
    boolean pads = Arrays.stream(begin).sum() + Arrays.stream(end).sum() > 0;
    if (!pads) {
      return call.add(crops ? crop.op() : new Op.Identity(), in);
    }
    Node kept = crops ? call.addHelper("cropped", crop.op(), in) : in;
    return call.add(new Op.Pad(begin, end, padValue(call)), kept);
  }

  private static void readPads(NodeCall call, Node in, int[] begin, int[] end) {
    long[] pads = call.integers("pads", 1);
    long[] axes = call.has(3) ? call.constant(3, "axes").plainIntegers("axes") : null;
    int count = axes == null ? begin.length + 1 : axes.length;
    if (pads == null
        || pads.length != 2 * count
        || Arrays.stream(pads).anyMatch(pad -> Math.abs(pad) > LARGEST_PAD)) {
      throw new IllegalArgumentException(
          "pads " + Arrays.toString(pads) + " do not fit input " + in.shape());
    }
    for (int i = 0; i < count; i++) {
      int counted = axes == null ? i : Call.axis(axes[i], begin.length + 1);
      if (counted > 0) {
        begin[counted - 1] = (int) pads[i];
        end[counted - 1] = (int) pads[count + i];
      } else if (pads[i] != 0 || pads[count + i] != 0) {
        throw new UnsupportedNode("it pads the batch axis");
      }
    }
  }

  private static float padValue(NodeCall call) {
    return call.has(2)
        ? (float) call.constant(2, "value").scalar("value")
        : call.node().number("value", 0);
  }
}
