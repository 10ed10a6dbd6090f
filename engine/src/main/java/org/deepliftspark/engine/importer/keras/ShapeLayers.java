package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Interpolation;
import org.deepliftspark.engine.importer.LinearMaps;

/** Layers that move, cut or add positions and compute nothing. */
final class ShapeLayers {
  private static final int MOST_REPEATS = 1 << 20;

  private ShapeLayers() {}

  /** Row-major with channels last, also where a layer says that its input has them first. */
  static Value flatten(LayerContext c) {
    Value in = c.input();
    if (in.rank() == 1) {
      return c.keep(new Op.Identity());
    }
    Node from = c.graph().kerasOrder(in);
    if (ConvLayers.isChannelsFirst(c.config())) {
      Op transpose = new Op.Transpose(Value.toLast(in.rank()));
      from = c.graph().add(c.aside("channels_last"), transpose, false, false, from).node();
    }
    return c.graph().add(c.name(), new Op.Reshape(Shape.of(in.shape().size())), false, false, from);
  }

  static Value reshape(LayerContext c) {
    return reshape(c, c.config().find("target_shape", "dims"));
  }

  /** Reshapes to a list of dimensions without the batch, of which one may be -1. */
  static Value reshape(LayerContext c, JsonNode target) {
    Value in = c.input();
    if (target == null) {
      throw c.config().invalid("target_shape", "whole numbers", null);
    }
    int[] dims = c.config().ints(target, "target_shape");
    long known = 1;
    int free = -1;
    for (int axis = 0; axis < dims.length; axis++) {
      boolean isFree = dims[axis] == -1 && free < 0;
      free = isFree ? axis : free;
      known = isFree ? known : Math.multiplyExact(known, Math.max(dims[axis], 0));
    }
    long size = in.shape().size();
    if (known == 0 || (free < 0 ? known != size : size % known != 0)) {
      throw c.config()
          .invalid("target_shape", "dimensions for an input of shape " + in.shape(), target);
    }
    if (free >= 0) {
      dims[free] = (int) (size / known);
    }
    Op reshape = new Op.Reshape(Shape.of(dims));
    return c.graph().add(c.name(), reshape, false, false, c.graph().kerasOrder(in));
  }

  /** Keras counts the axes to permute from 1. */
  static Value permute(LayerContext c) {
    JsonNode dims = c.config().find("dims");
    int[] permutation = dims == null ? new int[0] : c.config().ints(dims, "dims");
    for (int axis = 0; axis < permutation.length; axis++) {
      permutation[axis]--;
    }
    return transpose(c, permutation, dims);
  }

  static Value transpose(LayerContext c, int[] permutation, JsonNode shown) {
    Value in = c.input();
    int[] sorted = permutation.clone();
    Arrays.sort(sorted);
    boolean fits = sorted.length == in.rank();
    for (int axis = 0; fits && axis < sorted.length; axis++) {
      fits = sorted[axis] == axis;
    }
    if (!fits) {
      throw c.config().invalid("dims", "an order of the " + in.rank() + " axes", shown);
    }
    Op op = new Op.Transpose(permutation);
    return c.graph().add(c.name(), op, false, false, c.graph().kerasOrder(in));
  }

  /** {@code [features]} to {@code [n, features]}, by adding to n rows of zeros. */
  static Value repeatVector(LayerContext c) {
    int features = c.input(1).shape().dim(0);
    int n = c.config().sizes(1, "n")[0];
    if (n > MOST_REPEATS) {
      throw c.config().invalid("n", "at most " + MOST_REPEATS, c.config().find("n"));
    }
    GraphWriter graph = c.graph();
    Op row = new Op.Reshape(Shape.of(1, features));
    Value single = graph.add(c.aside("row"), row, false, false, c.input().node());
    graph.builder().claim(n);
    Value zeros = graph.constant(c.aside("zeros"), Tensor.filled(0, Shape.of(n, 1)));
    Op add = new Op.Binary(Op.Arithmetic.ADD);
    return graph.add(c.name(), add, false, false, single.node(), zeros.node());
  }

  /** Repeats every position: adding zeros along an axis of their own repeats. */
  static LayerReader upSampling(int axes) {
    return c -> {
      GraphWriter graph = c.graph();
      Node from = ConvLayers.operand(c, c.input(axes + 1));
      int[] twice = new int[axes];
      Arrays.fill(twice, 2);
      int[] factors = c.config().sizes(twice, "size", "length");
      if (c.config().text("nearest", "interpolation").equals("bilinear")) {
        return interpolated(c, from, factors);
      }
      int[] split = new int[2 * axes + 1];
      int[] repeats = new int[split.length];
      int[] to = from.shape().dims();
      Arrays.fill(repeats, 1);
      split[0] = to[0];
      for (int axis = 0; axis < axes; axis++) {
        if (factors[axis] > MOST_REPEATS) {
          throw c.config().invalid("size", "at most " + MOST_REPEATS, c.config().find("size"));
        }
        split[2 * axis + 1] = to[axis + 1];
        split[2 * axis + 2] = 1;
        repeats[2 * axis + 2] = factors[axis];
        to[axis + 1] = Math.multiplyExact(to[axis + 1], factors[axis]);
      }
      Op cells = new Op.Reshape(Shape.of(split));
      Node apart = graph.add(c.aside("cells"), cells, false, false, from).node();
      graph.builder().claim(Shape.of(repeats).size());
      Node zeros = graph.constant(c.aside("zeros"), Tensor.filled(0, Shape.of(repeats))).node();
      Op add = new Op.Binary(Op.Arithmetic.ADD);
      Node repeated = graph.add(c.aside("repeated"), add, false, false, apart, zeros).node();
      boolean moved = !ConvLayers.isChannelsFirst(c.config());
      return graph.add(c.name(), new Op.Reshape(Shape.of(to)), moved, true, repeated);
    };
  }

  private static Value interpolated(LayerContext c, Node from, int[] factors) {
    Interpolation linear = Interpolation.linear(Interpolation.Coordinates.HALF_PIXEL);
    Node value = from;
    for (int axis = 1; axis <= factors.length; axis++) {
      int length = value.shape().dim(axis);
      int factor = factors[axis - 1];
      String name = axis == factors.length ? c.name() : c.aside("axis_" + axis);
      Tensor matrix =
          linear.matrix(c.graph().builder(), length, Math.multiplyExact(length, factor), factor);
      value = LinearMaps.along(c.graph().builder(), name, value, axis, matrix);
    }
    return new Value(value, !ConvLayers.isChannelsFirst(c.config()));
  }

  static LayerReader zeroPadding(int axes) {
    return c -> {
      Value in = c.input(axes + 1);
      int[][] margins = c.config().margins(axes, "padding");
      int[] begin = in.nodeOrder(perAxis(c, margins, 0));
      int[] end = in.nodeOrder(perAxis(c, margins, 1));
      return c.keep(new Op.Pad(begin, end, 0));
    };
  }

  static LayerReader cropping(int axes) {
    return c -> {
      Value in = c.input(axes + 1);
      int[][] margins = c.config().margins(axes, "cropping");
      int[] begin = perAxis(c, margins, 0);
      int[] end = perAxis(c, margins, 1);
      int[] to = in.shape().dims();
      for (int axis = 0; axis < to.length; axis++) {
        to[axis] -= begin[axis] + end[axis];
        if (to[axis] <= 0) {
          throw new ModelFormatException(
              "Invalid cropping of layer '%s' in %s: nothing is left of an input of shape %s"
                  .formatted(c.name(), c.config().file(), in.shape()));
        }
      }
      int[] steps = new int[to.length];
      Arrays.fill(steps, 1);
      return slice(c, in, begin, steps, to);
    };
  }

  /** Adds a slice that is given per Keras axis. */
  static Value slice(LayerContext c, Value in, int[] starts, int[] steps, int[] to) {
    Shape shape = Shape.of(in.nodeOrder(to));
    Op slice = new Op.Slice(in.nodeOrder(starts), in.nodeOrder(steps), shape);
    return c.graph().keep(c.name(), slice, in);
  }

  /** The margins of the spatial axes, and none for the channels. */
  private static int[] perAxis(LayerContext c, int[][] margins, int side) {
    int[] all = new int[margins.length + 1];
    int first = ConvLayers.isChannelsFirst(c.config()) ? 1 : 0;
    for (int axis = 0; axis < margins.length; axis++) {
      all[first + axis] = margins[axis][side];
    }
    return all;
  }
}
