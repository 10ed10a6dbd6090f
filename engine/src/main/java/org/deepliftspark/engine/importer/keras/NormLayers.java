package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Composites;
import org.deepliftspark.engine.importer.Functions;
import org.deepliftspark.engine.importer.LayerNodes;

/** Normalisation by the statistics of an example itself. */
final class NormLayers {
  private static final double EPSILON = 1e-3;
  private static final double RMS_EPSILON = 1e-6;

  /** What Keras divides by at least, squared, where it makes vectors of length 1. */
  private static final double LEAST_SQUARES = 1e-12;

  private NormLayers() {}

  static Value layer(LayerContext c) {
    int[] axes = axes(c, c.input());
    boolean deviationOnly = c.config().flag(false, "rms_scaling");
    if (axes.length > 1 || deviationOnly) {
      return several(c, axes, deviationOnly);
    }
    Value in = c.input();
    int axis = axes[0];
    Node normalized =
        Composites.normalized(
            c.graph().builder(),
            c.name(),
            in.node(),
            new int[] {in.nodeAxis(axis)},
            c.config().number(EPSILON, "epsilon"),
            true);
    return scaled(c, new Value(normalized, in.moved()), axis);
  }

  /**
   * Over several axes, with a scale and a shift for each cell of them; or without taking off the
   * mean, which Keras calls {@code rms_scaling} though it divides by the deviation.
   */
  private static Value several(LayerContext c, int[] axes, boolean deviationOnly) {
    LayerNodes nodes = c.nodes();
    Node x = c.plainInput();
    double epsilon = c.config().number(EPSILON, "epsilon");
    Node normalized = Composites.normalized(c.graph().builder(), c.name(), x, axes, epsilon, true);
    if (deviationOnly) {
      Node deviation = c.graph().builder().node(normalized.inputs().get(1));
      normalized = nodes.combine("scaled", Arithmetic.DIVIDE, x, deviation);
    }
    List<String> names = weightNames(c);
    if (deviationOnly) {
      names.remove("beta");
    }
    if (names.isEmpty()) {
      return new Value(nodes.add("", new Op.Identity(), normalized), false);
    }
    c.weights().expect(names);
    int[] stored = new int[axes.length];
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    for (int k = 0; k < axes.length; k++) {
      stored[k] = x.shape().dim(axes[k]);
      dims[axes[k]] = stored[k];
    }
    Node result = normalized;
    for (int k = 0; k < names.size(); k++) {
      String name = names.get(k);
      int index = k;
      Tensor weight =
          c.weights()
              .once(name, () -> c.weights().read(index, name, "axes", stored).reshaped(dims));
      Arithmetic arithmetic = name.equals("gamma") ? Arithmetic.MULTIPLY : Arithmetic.ADD;
      String part = k == names.size() - 1 ? "" : "unshifted";
      result = nodes.combine(part, arithmetic, result, nodes.constant(name, weight));
    }
    return new Value(result, false);
  }

  /** {@code UnitNormalization}: divided by the square root of the sum of squares. */
  static Value unit(LayerContext c) {
    Node x = c.plainInput();
    return new Value(
        Functions.unit(c.graph().builder(), c.name(), x, LEAST_SQUARES, axes(c, c.input())), false);
  }

  static Node unit(LayerNodes nodes, String part, Node x, int axis) {
    return Functions.unit(nodes.graph(), nodes.name() + "/" + part, x, LEAST_SQUARES, axis);
  }

  static Value rootMeanSquare(LayerContext c) {
    Value in = c.input();
    int axis = oneAxis(c, in);
    int channels = in.shape().dim(axis);
    Node normalized =
        Composites.normalized(
            c.graph().builder(),
            c.name(),
            in.node(),
            new int[] {in.nodeAxis(axis)},
            c.config().number(RMS_EPSILON, "epsilon"),
            false);
    c.weights().expect(List.of("scale"));
    Tensor scale =
        c.weights().once("scale", () -> c.weights().read(0, "scale", "channels", channels));
    Op affine =
        new Op.ChannelAffine(scale, Tensor.filled(0, Shape.of(channels)), in.nodeAxis(axis));
    return c.graph().keep(c.name(), affine, new Value(normalized, in.moved()));
  }

  /** Over the channels of a group and all positions. */
  static Value group(LayerContext c) {
    Value in = c.input();
    int axis = oneAxis(c, in);
    if (axis != in.rank() - 1 || in.rank() < 2) {
      throw c.config().invalid("axis", "the last of several axes", c.config().find("axis"));
    }
    Node first = c.graph().channelsFirst(in);
    int[] dims = first.shape().dims();
    int groups = c.config().integer(32, "groups");
    groups = groups == -1 ? dims[0] : groups;
    if (groups < 1 || dims[0] % groups != 0) {
      throw c.config()
          .invalid("groups", "a divisor of " + dims[0] + " channels", c.config().find("groups"));
    }
    int[] grouped = new int[dims.length + 1];
    System.arraycopy(dims, 1, grouped, 2, dims.length - 1);
    grouped[0] = groups;
    grouped[1] = dims[0] / groups;
    GraphWriter graph = c.graph();
    Op split = new Op.Reshape(Shape.of(grouped));
    Node apart = graph.add(c.aside("groups"), split, false, false, first).node();
    int[] axes = IntStream.range(1, grouped.length).toArray();
    double epsilon = c.config().number(EPSILON, "epsilon");
    Node normalized = Composites.normalized(graph.builder(), c.name(), apart, axes, epsilon, true);
    Op join = new Op.Reshape(Shape.of(dims));
    return scaled(c, graph.add(c.aside("joined"), join, true, true, normalized), axis);
  }

  private static Value scaled(LayerContext c, Value normalized, int axis) {
    int channels = normalized.shape().dim(axis);
    List<String> names = weightNames(c);
    if (names.isEmpty()) {
      return c.graph().keep(c.name(), new Op.Identity(), normalized);
    }
    c.weights().expect(names);
    Tensor scale = weight(c, names, "gamma", 1, channels);
    Tensor shift = weight(c, names, "beta", 0, channels);
    Op affine = new Op.ChannelAffine(scale, shift, normalized.nodeAxis(axis));
    return c.graph().keep(c.name(), affine, normalized);
  }

  private static List<String> weightNames(LayerContext c) {
    List<String> names = new ArrayList<>();
    if (c.config().flag(true, "scale")) {
      names.add("gamma");
    }
    if (c.config().flag(true, "center")) {
      names.add("beta");
    }
    return names;
  }

  private static Tensor weight(
      LayerContext c, List<String> names, String name, float otherwise, int channels) {
    int index = names.indexOf(name);
    return index < 0
        ? Tensor.filled(otherwise, Shape.of(channels))
        : c.weights().once(name, () -> c.weights().read(index, name, "channels", channels));
  }

  /** The one axis to normalise, given as a number or a list of one. */
  private static int oneAxis(LayerContext c, Value in) {
    int[] axes = axes(c, in);
    if (axes.length != 1) {
      throw c.config().invalid("axis", "one axis", c.config().find("axis"));
    }
    return axes[0];
  }

  private static int[] axes(LayerContext c, Value in) {
    int[] axes =
        c.config().has("axis") ? c.config().ints(c.config().find("axis"), "axis") : new int[] {-1};
    return Arrays.stream(axes).map(axis -> c.axis(axis, in.rank())).sorted().distinct().toArray();
  }
}
