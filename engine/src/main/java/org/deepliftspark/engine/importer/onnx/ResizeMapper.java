package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.Interpolation;
import org.deepliftspark.engine.importer.Interpolation.Coordinates;
import org.deepliftspark.engine.importer.Interpolation.Kind;
import org.deepliftspark.engine.importer.Interpolation.Rounding;
import org.deepliftspark.engine.importer.LinearMaps;

/** Resize and Upsample by any factor, to the nearest cell, linear and cubic: a map of each axis. */
final class ResizeMapper {
  private static final double CUBIC_COEFFICIENT = -0.75;

  private static final Set<String> COORDINATES =
      Set.of(
          "half_pixel",
          "half_pixel_symmetric",
          "pytorch_half_pixel",
          "align_corners",
          "asymmetric",
          "tf_half_pixel_for_nn");

  /** The roundings with which every cell is repeated as often as the factor says. */
  private static final Map<Coordinates, Set<Rounding>> REPEATING =
      Map.of(
          Coordinates.ASYMMETRIC, Set.of(Rounding.FLOOR),
          Coordinates.TF_HALF_PIXEL_FOR_NN,
              Set.of(Rounding.FLOOR, Rounding.ROUND_PREFER_FLOOR, Rounding.ROUND_PREFER_CEIL),
          Coordinates.HALF_PIXEL, Set.of(Rounding.ROUND_PREFER_FLOOR, Rounding.ROUND_PREFER_CEIL),
          Coordinates.PYTORCH_HALF_PIXEL,
              Set.of(Rounding.ROUND_PREFER_FLOOR, Rounding.ROUND_PREFER_CEIL));

  private ResizeMapper() {}

  /**
   * How an axis is resized.
   *
   * @param count cells of the result
   * @param scale cells of the result per cell of the input
   */
  private record Factor(int count, double scale) {}

  static Node map(NodeCall call) {
    Node in = call.computed(0);
    Interpolation interpolation = interpolation(call);
    Factor[] factors = factors(call, in.shape());
    int last = -1;
    for (int axis = 0; axis < factors.length; axis++) {
      last = changes(factors[axis], in.shape().dim(axis)) ? axis : last;
    }
    if (last < 0) {
      return call.add(new Op.Identity(), in);
    }
    int[] repeats = repeats(interpolation, factors, in.shape());
    if (repeats != null) {
      return RepeatMappers.repeat(call, in, repeats);
    }
    Node value = in;
    for (int axis = 0; axis <= last; axis++) {
      Factor factor = factors[axis];
      int length = in.shape().dim(axis);
      if (changes(factor, length)) {
        boolean smaller = factor.scale < 1;
        if (smaller && call.node().flag("antialias", false)) {
          throw new UnsupportedNode("antialias");
        }
        String name = call.node().name() + (axis == last ? "" : "/axis" + (axis + 1));
        value =
            LinearMaps.along(
                call.graph(),
                name,
                value,
                axis,
                interpolation.matrix(call.graph(), length, factor.count, factor.scale));
      }
    }
    return value;
  }

  /** How often each cell is repeated, or null where that is not all. */
  private static int[] repeats(Interpolation interpolation, Factor[] factors, Shape in) {
    Set<Rounding> roundings = REPEATING.getOrDefault(interpolation.coordinates(), Set.of());
    if (interpolation.kind() != Kind.NEAREST || !roundings.contains(interpolation.rounding())) {
      return null;
    }
    int[] repeats = new int[factors.length];
    for (int axis = 0; axis < repeats.length; axis++) {
      repeats[axis] = factors[axis].count / in.dim(axis);
      if (repeats[axis] != factors[axis].scale) {
        return null;
      }
    }
    return repeats;
  }

  private static boolean changes(Factor factor, int length) {
    return factor.count != length || factor.scale != 1;
  }

  private static Interpolation interpolation(NodeCall call) {
    OnnxNode node = call.node();
    Kind kind =
        switch (node.text("mode", "nearest")) {
          case "nearest" -> Kind.NEAREST;
          case "linear", "bilinear" -> Kind.LINEAR;
          case "cubic" -> Kind.CUBIC;
          default -> throw new UnsupportedNode("mode " + node.text("mode", ""));
        };
    if (!isNew(call)) {
      return new Interpolation(kind, Coordinates.ASYMMETRIC, Rounding.FLOOR, 0, false);
    }
    String coordinates = node.text("coordinate_transformation_mode", "half_pixel");
    if (!COORDINATES.contains(coordinates)) {
      throw new UnsupportedNode("coordinate_transformation_mode " + coordinates);
    }
    String rounding = node.text("nearest_mode", "round_prefer_floor");
    return new Interpolation(
        kind,
        Coordinates.valueOf(coordinates.toUpperCase(Locale.ROOT)),
        Rounding.valueOf(rounding.toUpperCase(Locale.ROOT)),
        node.number("cubic_coeff_a", (float) CUBIC_COEFFICIENT),
        node.flag("exclude_outside", false));
  }

  private static boolean isNew(NodeCall call) {
    return call.node().opType().equals("Resize") && call.opset() >= 11;
  }

  /** For every axis but the batch's. */
  private static Factor[] factors(NodeCall call, Shape in) {
    Factor[] factors = new Factor[in.rank()];
    Arrays.setAll(factors, axis -> new Factor(in.dim(axis), 1));
    boolean sized = isNew(call) && call.has(3);
    if (sized && !call.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw new UnsupportedNode("keep_aspect_ratio_policy");
    }
    double[] numbers = sized ? numbers(call.constant(3, "sizes")) : scales(call);
    long[] axes = call.node().integers("axes");
    if (numbers.length != (axes == null ? in.rank() + 1 : axes.length)) {
      throw new IllegalArgumentException(numbers.length + " scales do not fit input " + in);
    }
    for (int k = 0; k < numbers.length; k++) {
      int counted = axes == null ? k : Call.axis(axes[k], in.rank() + 1);
      if (counted == 0) {
        requireBatch(call, sized, numbers[k]);
        continue;
      }
      int length = in.dim(counted - 1);
      double count = sized ? numbers[k] : Math.floor(length * numbers[k]);
      if (!(count >= 1 && count <= Integer.MAX_VALUE)) {
        throw new IllegalArgumentException("a factor of " + numbers[k] + " for " + in);
      }
      factors[counted - 1] = new Factor((int) count, sized ? count / length : numbers[k]);
    }
    return factors;
  }

  private static void requireBatch(NodeCall call, boolean sized, double number) {
    boolean kept = number == 1 || sized && number == call.fixedBatch();
    if (!kept) {
      throw new UnsupportedNode("it resizes the batch axis");
    }
  }

  private static double[] scales(NodeCall call) {
    float[] attribute = call.node().numbers("scales");
    if (attribute == null) {
      return numbers(call.constant(isNew(call) ? 2 : 1, "scales"));
    }
    double[] scales = new double[attribute.length];
    Arrays.setAll(scales, k -> attribute[k]);
    return scales;
  }

  private static double[] numbers(OnnxArray array) {
    double[] numbers = new double[array.size()];
    Arrays.setAll(numbers, array::number);
    return numbers;
  }
}
