package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Einsum;
import org.deepliftspark.engine.importer.LayerNodes;

/** Dense layers of other forms than {@code x W + b}. */
final class MoreDenseLayers {
  /** Letters that an equation's ellipsis becomes; none of them can stand in an equation. */
  private static final String ELLIPSIS = "0123456789";

  /** A tensor's letters begin at a, another's at n. */
  private static final int MOST_AXES = 12;

  private MoreDenseLayers() {}

  /** {@code EinsumDense}: the sum of products that its equation says, and a bias. */
  static Value einsum(LayerContext c) {
    String[] sides = c.config().text("", "equation").replace(" ", "").split("->|,");
    Node in = c.plainInput();
    if (sides.length != 3) {
      throw c.config().invalid("equation", "IN,KERNEL->OUT", c.config().find("equation"));
    }
    boolean open = sides[0].startsWith("...");
    String left = open ? ellipsis(sides[0], in.shape().rank() + 1) : sides[0];
    String result =
        open ? sides[2].replace("...", left.substring(0, dots(sides[0], left))) : sides[2];
    if (left.isEmpty()
        || result.isEmpty()
        || left.charAt(0) != result.charAt(0)
        || sides[1].indexOf(left.charAt(0)) >= 0) {
      throw c.config().invalid("equation", "the batch axis in front", c.config().find("equation"));
    }
    String biasAxes = c.config().text("", "bias_axes");
    c.weights().expect(biasAxes.isEmpty() ? List.of("kernel") : List.of("kernel", "bias"));
    Tensor kernel = c.weights().once("kernel", () -> c.weights().read(0, "kernel"));
    String name = c.linearName();
    boolean biased = !biasAxes.isEmpty();
    Node sum =
        Einsum.of(
            c.graph().builder(),
            biased ? c.aside("product") : name,
            left.substring(1),
            in,
            sides[1],
            kernel,
            result.substring(1));
    if (!biased) {
      return c.activated(new Value(sum, false));
    }
    int[] dims = new int[sum.shape().rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = biasAxes.indexOf(result.charAt(axis + 1)) < 0 ? 1 : sum.shape().dim(axis);
    }
    Tensor stored = c.weights().once("bias", () -> c.weights().read(1, "bias"));
    if (stored.size() != Shape.of(dims).size()) {
      throw c.weights().invalidShape("bias", "bias_axes", dims, stored.shape());
    }
    Value bias = c.graph().constant(c.aside("bias"), stored.reshaped(dims));
    return c.activated(
        MergeLayers.binary(c.graph(), name, Arithmetic.ADD, new Value(sum, false), bias));
  }

  private static String ellipsis(String letters, int rank) {
    int named = letters.length() - 3;
    if (rank < named || rank - named > ELLIPSIS.length()) {
      throw new IllegalArgumentException("'" + letters + "' does not fit " + rank + " axes");
    }
    return letters.replace("...", ELLIPSIS.substring(0, rank - named));
  }

  /** How many letters the ellipsis became. */
  private static int dots(String letters, String full) {
    return full.length() - (letters.length() - 3);
  }

  /** Keras 1's {@code MaxoutDense}: the largest of several dense layers. */
  static Value maxout(LayerContext c) {
    int features = c.input(1).shape().dim(0);
    int units = c.config().integer("output_dim");
    int pieces = c.config().integer(4, "nb_feature");
    boolean hasBias = c.config().flag(true, "bias");
    c.weights().expect(hasBias ? List.of("W", "b") : List.of("W"));
    Tensor kernel =
        c.weights()
            .once(
                "kernel",
                () ->
                    c.weights()
                        .read(0, "W", "pieces, in, out", pieces, features, units)
                        .permuted(1, 2, 0)
                        .reshaped(features, units * pieces));
    Tensor bias =
        hasBias
            ? c.weights()
                .once(
                    "bias",
                    () ->
                        c.weights()
                            .read(1, "b", "pieces, out", pieces, units)
                            .permuted(1, 0)
                            .reshaped(units * pieces))
            : null;
    LayerNodes nodes = c.nodes();
    Node all = nodes.add("all", new Op.Dense(kernel, bias), c.plainInput());
    Node apart = nodes.reshape("pieces", all, units, pieces);
    return new Value(nodes.reduce("", Reduction.MAX, apart, false, 1), false);
  }

  /** Keras 1's {@code Highway}: a gate chooses between a dense layer and its input. */
  static Value highway(LayerContext c) {
    int features = c.input(1).shape().dim(0);
    boolean hasBias = c.config().flag(true, "bias");
    List<String> names = new ArrayList<>(List.of("W", "W_carry"));
    names.addAll(hasBias ? List.of("b", "b_carry") : List.of());
    c.weights().expect(names);
    Tensor[] weights = new Tensor[4];
    for (int k = 0; k < names.size(); k++) {
      int index = k;
      int[] dims = k < 2 ? new int[] {features, features} : new int[] {features};
      String axes = k < 2 ? "in, out" : "out";
      weights[k] =
          c.weights()
              .once(names.get(k), () -> c.weights().read(index, names.get(index), axes, dims));
    }
    LayerNodes nodes = c.nodes();
    Node x = c.plainInput();
    Node open = nodes.add("open", new Op.Dense(weights[1], weights[3]), x);
    Node gate = nodes.apply("gate", Kind.SIGMOID, open);
    Value dense =
        c.graph().add(c.aside("preact"), new Op.Dense(weights[0], weights[2]), false, false, x);
    Value active =
        Activations.isLinear(c.config().find("activation"))
            ? dense
            : Activations.add(
                c.graph(), c.aside("transform"), c.config(), c.config().find("activation"), dense);
    // gate * active + (1 - gate) * x
    Node difference = nodes.combine("difference", Arithmetic.SUBTRACT, active.node(), x);
    Node moved = nodes.combine("moved", Arithmetic.MULTIPLY, gate, difference);
    return new Value(nodes.combine("", Arithmetic.ADD, x, moved), false);
  }

  /** Keras's {@code Dot} and Keras 1's merge by dot: sums of products along an axis of each. */
  static Value dot(LayerContext c, boolean cosine, int... axes) {
    if (c.inputs().size() != 2) {
      throw c.config().invalid("inputs", "2 tensors", null);
    }
    if (axes.length != 1 && axes.length != 2) {
      throw new IllegalArgumentException(axes.length + " axes to sum over, expected 1 or 2");
    }
    LayerNodes nodes = c.nodes();
    Node x = c.graph().kerasOrder(c.inputs().get(0));
    Node y = c.graph().kerasOrder(c.inputs().get(1));
    int left = c.axis(axes[0], x.shape().rank());
    int right = c.axis(axes[axes.length - 1], y.shape().rank());
    if (cosine) {
      x = NormLayers.unit(nodes, "left_unit", x, left);
      y = NormLayers.unit(nodes, "right_unit", y, right);
    }
    String leftLetters = letters('a', x.shape().rank(), left);
    String rightLetters = letters('n', y.shape().rank(), right);
    String result = (leftLetters + rightLetters).replace("z", "");
    if (!result.isEmpty()) {
      return new Value(
          Einsum.of(c.graph().builder(), c.name(), leftLetters, x, rightLetters, y, result), false);
    }
    Node products = nodes.combine("products", Arithmetic.MULTIPLY, x, y);
    return new Value(nodes.reduce("", Reduction.SUM, products, true, 0), false);
  }

  private static String letters(char first, int rank, int summed) {
    if (rank > MOST_AXES) {
      throw new IllegalArgumentException(rank + " axes, at most " + MOST_AXES + " have letters");
    }
    char[] letters = new char[rank];
    for (int axis = 0; axis < rank; axis++) {
      letters[axis] = axis == summed ? 'z' : (char) (first + axis);
    }
    return new String(letters);
  }

  static Value dotLayer(LayerContext c) {
    int[] axes = c.config().ints(c.config().find("axes"), "axes");
    return dot(c, c.config().flag(false, "normalize"), axes);
  }
}
