package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;

/**
 * Reshape, as long as its first axis stays the batch axis. That it holds an axis more for a while,
 * as exporters write the heads of attention, is followed from node to node.
 */
final class ReshapeMapper {
  private ReshapeMapper() {}

  static Node map(NodeCall call) {
    Node in = call.anyComputed(0);
    OnnxArray target = call.constant(1, "shape");
    if (target.size() == 0) {
      throw new UnsupportedNode("it drops the batch axis");
    }
    long[] dims = rest(call, target, in.shape());
    long known = Arrays.stream(dims).filter(dim -> dim >= 0).reduce(1, ReshapeMapper::product);
    boolean open = Arrays.stream(dims).anyMatch(dim -> dim < 0);
    long size = in.shape().size();
    boolean openBatch = target.integer(0) == -1 && target.power(0) == 0;
    if (!call.isMerged(in) && merges(target, in.shape())) {
      return call.merge(call.add(new Op.Identity(), in));
    }
    if (openBatch && (open || known != size) || !openBatch && !isBatch(call, target)) {
      throw new UnsupportedNode(
          "to " + describe(target) + " mixes the batch axis with other axes of " + in.shape());
    }
    if (open ? known == 0 || size % known != 0 : known != size) {
      throw new IllegalArgumentException(
          "cannot reshape " + in.shape() + " to " + describe(target));
    }
    return call.reshape(
        in, Arrays.stream(dims).mapToInt(dim -> (int) (dim < 0 ? size / known : dim)).toArray());
  }

  /** Whether the target is the input's shape with its first axis merged into the batch axis. */
  private static boolean merges(OnnxArray target, Shape in) {
    long first = target.integer(0);
    boolean batch = target.power(0) == 0 ? first == -1 : target.power(0) == 1 && first == in.dim(0);
    if (!batch || target.size() != in.rank() || in.dim(0) == 1) {
      return false;
    }
    return IntStream.range(1, in.rank())
        .allMatch(axis -> target.power(axis) == 0 && target.integer(axis) == in.dim(axis));
  }

  private static long product(long a, long b) {
    return Math.min(Integer.MAX_VALUE + 1L, a * b);
  }

  /**
   * Whether the first axis is the batch axis: copied, taken from a shape, or the size that the file
   * was exported with.
   */
  private static boolean isBatch(NodeCall call, OnnxArray target) {
    long first = target.integer(0);
    return switch (target.power(0)) {
      case 1 -> first == 1;
      case 0 ->
          first == 1
              || first == call.fixedBatch()
              || first == 0 && !call.node().flag("allowzero", false);
      default -> false;
    };
  }

  /** The target without the batch axis; -1 where the length is left open. */
  private static long[] rest(NodeCall call, OnnxArray target, Shape in) {
    long[] dims = new long[target.size() - 1];
    int open = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      long dim = target.integer(axis + 1);
      if (target.power(axis + 1) != 0) {
        throw new UnsupportedNode("to " + describe(target) + " moves the batch axis");
      }
      if (dim == 0 && !call.node().flag("allowzero", false)) {
        if (axis >= in.rank()) {
          throw new IllegalArgumentException("cannot copy axis " + (axis + 1) + " of input " + in);
        }
        dim = in.dim(axis);
      }
      open += dim == -1 ? 1 : 0;
      if (dim < -1 || dim > Integer.MAX_VALUE || open > 1) {
        throw new IllegalArgumentException("cannot reshape " + in + " to " + describe(target));
      }
      dims[axis] = dim;
    }
    return dims;
  }

  private static String describe(OnnxArray target) {
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
