package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Nodes that repeat cells: Expand, and Resize to the nearest cell by whole factors. */
final class RepeatMappers {
  private static final long MOST_CELLS = 1 << 28;

  /** The roundings with which every cell is repeated as often as the factor says. */
  private static final Map<String, Set<String>> REPEATING =
      Map.of(
          "asymmetric", Set.of("floor"),
          "tf_half_pixel_for_nn", Set.of("floor", "round_prefer_floor", "round_prefer_ceil"),
          "half_pixel", Set.of("round_prefer_floor", "round_prefer_ceil"),
          "pytorch_half_pixel", Set.of("round_prefer_floor", "round_prefer_ceil"));

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
        : call.add(new Op.Binary(Op.Arithmetic.ADD), in, zeros(call, dims));
  }

  /** Adding zeros of a larger shape repeats what is added to. */
  private static Node zeros(NodeCall call, int... dims) {
    long cells = 1;
    for (int dim : dims) {
      cells *= dim;
      if (dim < 1 || cells > MOST_CELLS) {
        throw new IllegalArgumentException("it has no size to expand to: " + Arrays.toString(dims));
      }
    }
    return call.graph().constant(call.node().name() + "/zeros", Tensor.filled(0, Shape.of(dims)));
  }

  static Node resize(NodeCall call) {
    String mode = call.node().text("mode", "nearest");
    if (!mode.equals("nearest")) {
      throw new UnsupportedNode("mode " + mode);
    }
    if (call.node().opType().equals("Resize") && call.opset() >= 11) {
      String coordinates = call.node().text("coordinate_transformation_mode", "half_pixel");
      String rounding = call.node().text("nearest_mode", "round_prefer_floor");
      if (!REPEATING.getOrDefault(coordinates, Set.of()).contains(rounding)) {
        throw new UnsupportedNode(
            "coordinate_transformation_mode " + coordinates + " with nearest_mode " + rounding);
      }
    }
    Node in = call.computed(0);
    int[] factors = factors(call, in.shape());
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

  /** The factor of every axis but the batch's. */
  private static int[] factors(NodeCall call, Shape in) {
    boolean resize = call.node().opType().equals("Resize") && call.opset() >= 11;
    int at = resize ? 2 : 1;
    int[] factors = new int[in.rank()];
    if (resize && call.has(3)) {
      long[] sizes = call.constant(3, "sizes").plainIntegers("sizes");
      requireAxes(sizes.length, in);
      for (int axis = 0; axis < factors.length; axis++) {
        factors[axis] = whole((double) sizes[axis + 1] / in.dim(axis));
      }
      return factors;
    }
    float[] attribute = call.node().numbers("scales");
    OnnxArray scales = attribute == null ? call.constant(at, "scales") : null;
    requireAxes(attribute == null ? scales.size() : attribute.length, in);
    for (int axis = 0; axis <= factors.length; axis++) {
      int factor = whole(attribute == null ? scales.number(axis) : attribute[axis]);
      if (axis > 0) {
        factors[axis - 1] = factor;
      } else if (factor != 1) {
        throw new UnsupportedNode("it resizes the batch axis");
      }
    }
    return factors;
  }

  private static void requireAxes(int found, Shape in) {
    if (found != in.rank() + 1) {
      throw new IllegalArgumentException(found + " scales do not fit input " + in);
    }
  }

  private static int whole(double factor) {
    if (factor < 1 || factor > MOST_CELLS || factor != Math.rint(factor)) {
      throw new UnsupportedNode("a factor of " + factor + ", which is not whole");
    }
    return (int) factor;
  }
}
