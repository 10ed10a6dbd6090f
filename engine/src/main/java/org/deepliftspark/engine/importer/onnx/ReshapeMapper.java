package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/**
 * Reshape, as long as the batch stays one factor of one axis: it may move, and be merged with
 * others, as exporters write the heads of attention. A Reshape keeps the order of elements, so the
 * elements that stand behind the batch say where in the target it must be.
 */
final class ReshapeMapper {
  private final NodeCall call;
  private final Node in;
  private final BatchAxis from;
  private final OnnxArray target;

  /** Per example where the axis holds the batch. */
  private final long[] dims;

  /** Whether the batch is known to be 1. */
  private boolean single;

  private ReshapeMapper(NodeCall call) {
    this.call = call;
    this.in = call.computed(0);
    this.from = call.batchOf(in);
    this.target = call.constant(1, "shape");
    this.dims = new long[target.size()];
  }

  static Node map(NodeCall call) {
    return new ReshapeMapper(call).map();
  }

  private Node map() {
    if (target.size() == 0) {
      throw new UnsupportedNode("it drops the batch axis");
    }
    int axis = batchAxis();
    long behind = behind(axis);
    long all = from.elementsBehind(in.shape());
    long inner = all / behind;
    boolean merged = dims[axis] != 1;
    boolean kept = inner > 0 && inner * behind == all && dims[axis] % inner == 0;
    if (!kept && (merged || !single)) {
      throw mixes();
    }
    int[] perExample =
        IntStream.range(0, dims.length)
            .filter(one -> merged || one != axis)
            .map(one -> (int) dims[one])
            .toArray();
    return call.place(
        call.reshape(in, perExample), new BatchAxis(axis, merged, merged ? (int) inner : 1));
  }

  /** Fills in the lengths and finds the axis that holds the batch. */
  private int batchAxis() {
    int batch = -1;
    int open = -1;
    for (int axis = 0; axis < dims.length; axis++) {
      int power = target.power(axis);
      dims[axis] = target.integer(axis);
      if (dims[axis] == 0 && !call.node().flag("allowzero", false)) {
        if (axis >= from.fileRank(in.shape())) {
          throw new IllegalArgumentException(
              "cannot copy axis " + axis + " of input " + in.shape());
        }
        dims[axis] = from.length(axis, in.shape());
        power = axis == from.position() ? 1 : 0;
      }
      if (dims[axis] < -1 || dims[axis] > Integer.MAX_VALUE || dims[axis] == -1 && open >= 0) {
        throw misfit();
      }
      if (power > 1 || power == 1 && batch >= 0) {
        throw mixes();
      }
      open = dims[axis] == -1 ? axis : open;
      batch = power == 1 ? axis : batch;
    }
    if (batch >= 0) {
      fill(open, in.shape().size());
      return batch;
    }
    if (call.fixedBatch() > 0) {
      fill(open, in.shape().size() * call.fixedBatch());
      return locate(call.fixedBatch());
    }
    // an open batch is what -1 stands for, but where an exporter has fixed it to 1 nevertheless
    fill(open, in.shape().size());
    return open < 0 ? locate(1) : open > 0 && dims[0] == 1 && from.isFront() ? 0 : open;
  }

  private void fill(int open, long size) {
    long known = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      known = axis == open ? known : Math.min(Integer.MAX_VALUE + 1L, known * dims[axis]);
    }
    if (open < 0 ? known != size : known == 0 || size % known != 0) {
      throw misfit();
    }
    if (open >= 0) {
      dims[open] = size / known;
    }
  }

  /**
   * The axis that holds a batch of known size; its length becomes that per example. A batch of 1 is
   * an axis of length 1 with the right number of elements behind it, or else the first axis if it
   * is of length 1, since nothing can be mixed, or else part of another.
   */
  private int locate(long batch) {
    single = batch == 1;
    long all = from.elementsBehind(in.shape());
    int found = -1;
    boolean apart = false;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      long behind = behind(axis);
      boolean holds = behind <= all && all * batch <= behind * dims[axis];
      boolean alone = behind == all && dims[axis] == batch;
      found = holds && (found < 0 || alone) ? axis : found;
      apart |= alone;
    }
    if (single && !apart && dims[0] == 1) {
      return 0;
    }
    if (found < 0 || dims[found] % batch != 0) {
      throw mixes();
    }
    dims[found] /= batch;
    return found;
  }

  private long behind(int axis) {
    return Arrays.stream(dims).skip(axis + 1L).reduce(1, (a, b) -> a * b);
  }

  private UnsupportedNode mixes() {
    return new UnsupportedNode(
        "to " + describe() + " mixes the batch axis with other axes of " + in.shape());
  }

  private IllegalArgumentException misfit() {
    Shape shape = in.shape();
    return new IllegalArgumentException("cannot reshape " + shape + " to " + describe());
  }

  private String describe() {
    return IntStream.range(0, target.size())
        .mapToObj(
            i ->
                target.power(i) == 0
                    ? Long.toString(target.integer(i))
                    : target.integer(i) == 1 ? "N" : target.integer(i) + "*N")
        .toList()
        .toString();
  }
}
