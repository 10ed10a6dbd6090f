package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.AxisOrder;
import org.deepliftspark.engine.importer.Composites;
import org.deepliftspark.engine.importer.LayerNodes;
import org.deepliftspark.engine.importer.LinearMaps;

/**
 * Lambda layers whose function the user names, because the code in the file is never run. Numbers
 * in parentheses are axes as Keras counts them: 0 is the batch, negative ones count from the end.
 */
final class LambdaLayers {
  /** The setting that holds what the user named; nothing in a file can put it there. */
  static final String SETTING = "deepliftspark_function";

  static final String LIST =
      "identity, add, subtract, multiply, concatenate(AXIS), sum(AXES), mean(AXES), max(AXES),"
          + " logsumexp(AXES), softmax(AXIS), reverse(AXES), expand_dims(AXIS), squeeze(AXIS),"
          + " slice(AXIS,START,END) or the name of an activation";

  private static final Pattern FORM = Pattern.compile("(\\w+)(?:\\(([-\\d, ]*)\\))?");

  private static final Map<String, Arithmetic> MERGES =
      Map.of(
          "add", Arithmetic.ADD,
          "subtract", Arithmetic.SUBTRACT,
          "multiply", Arithmetic.MULTIPLY);

  private static final List<String> FUNCTIONS =
      List.of(
          "identity",
          "concatenate",
          "sum",
          "mean",
          "max",
          "logsumexp",
          "softmax",
          "reverse",
          "expand_dims",
          "squeeze",
          "slice");

  private LambdaLayers() {}

  /**
   * A function and its numbers.
   *
   * @param numbers empty if there are no parentheses
   */
  private record Named(String function, int[] numbers) {
    static Named of(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        return null;
      }
      String list = form.group(2) == null ? "" : form.group(2).replace(" ", "");
      try {
        int[] numbers =
            list.isEmpty()
                ? new int[0]
                : Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
        return new Named(form.group(1), numbers);
      } catch (NumberFormatException e) {
        return null;
      }
    }

    boolean isKnown() {
      boolean listed = MERGES.containsKey(function) || FUNCTIONS.contains(function);
      boolean activation = Activations.isOperation(function);
      int count = numbers.length;
      return switch (function) {
        case "slice" -> count == 3;
        case "expand_dims" -> count == 1;
        case "softmax", "squeeze", "concatenate" -> count <= 1;
        case "sum", "mean", "max", "logsumexp", "reverse" -> true;
        default -> (listed || activation) && count == 0;
      };
    }
  }

  /**
   * @throws InvalidInputException if the function is not on the list
   */
  static void require(String layer, String function) {
    Named named = Named.of(function);
    if (named == null || !named.isKnown()) {
      throw new InvalidInputException(
          "Invalid --lambda %s=%s: expected one of %s".formatted(layer, function, LIST));
    }
  }

  static Value read(LayerContext c) {
    Named named = Named.of(c.config().text("identity", SETTING));
    int[] numbers = named.numbers();
    Arithmetic merge = MERGES.get(named.function());
    if (merge != null) {
      return MergeLayers.fold(merge).read(c);
    } else if (named.function().equals("concatenate")) {
      return MergeLayers.concatenate(c, numbers.length == 0 ? -1 : numbers[0]);
    } else if (Activations.isOperation(named.function())) {
      return Activations.operation(c, named.function());
    }
    Node x = c.plainInput();
    int rank = x.shape().rank();
    boolean expands = named.function().equals("expand_dims");
    boolean slices = named.function().equals("slice");
    int[] axes =
        Arrays.stream(numbers.length == 0 ? new int[] {-1} : numbers)
            .limit(slices ? 1 : numbers.length + 1)
            .map(axis -> c.axis(axis, expands ? rank + 1 : rank))
            .sorted()
            .distinct()
            .toArray();
    LayerNodes nodes = c.nodes();
    boolean keep = numbers.length == 0;
    Node result =
        switch (named.function()) {
          case "sum" -> nodes.reduce("", Reduction.SUM, x, keep, axes);
          case "mean" -> nodes.reduce("", Reduction.MEAN, x, keep, axes);
          case "max" -> maximum(nodes, x, keep, axes);
          case "logsumexp" -> Composites.logSumExp(nodes.graph(), c.name(), x, axes, keep);
          case "softmax" -> nodes.add("", new Op.Softmax(axes[0]), x);
          case "reverse" -> reversed(nodes, x, axes);
          case "expand_dims" -> nodes.reshape("", x, expanded(x.shape(), axes[0]));
          case "squeeze" -> nodes.reshape("", x, squeezed(x.shape(), axes[0]));
          case "slice" -> slice(nodes, x, axes[0], numbers[1], numbers[2]);
          default -> nodes.add("", new Op.Identity(), x);
        };
    return new Value(result, false);
  }

  /** A maximum has a rule over trailing axes. */
  private static Node maximum(LayerNodes nodes, Node x, boolean keep, int... axes) {
    int rank = x.shape().rank();
    Node last = nodes.transpose("last", x, AxisOrder.toEnd(rank, axes));
    int[] trailing = new int[axes.length];
    Arrays.setAll(trailing, k -> rank - axes.length + k);
    return nodes.reduce("", Reduction.MAX, last, keep, trailing);
  }

  private static Node reversed(LayerNodes nodes, Node x, int... axes) {
    Node value = x;
    for (int k = 0; k < axes.length; k++) {
      String name = nodes.name() + (k == axes.length - 1 ? "" : "/axis_" + axes[k]);
      value = LinearMaps.flip(nodes.graph(), name, value, axes[k]);
    }
    return value;
  }

  private static Node slice(LayerNodes nodes, Node x, int axis, int start, int end) {
    int length = x.shape().dim(axis);
    int from = start < 0 ? start + length : start;
    int to = Math.min(end < 0 ? end + length : end, length);
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "a slice from " + start + " to " + end + " of " + length + " cells is empty");
    }
    return nodes.slice("", x, axis, from, to - from);
  }

  private static Shape expanded(Shape shape, int axis) {
    List<Integer> dims = dims(shape);
    dims.add(axis, 1);
    return Shape.of(dims.stream().mapToInt(dim -> dim).toArray());
  }

  private static Shape squeezed(Shape shape, int axis) {
    List<Integer> dims = dims(shape);
    if (dims.remove(axis) != 1) {
      throw new IllegalArgumentException("axis " + (axis + 1) + " of " + shape + " is not 1 long");
    }
    return Shape.of(dims.stream().mapToInt(dim -> dim).toArray());
  }

  private static List<Integer> dims(Shape shape) {
    List<Integer> dims = new ArrayList<>();
    Arrays.stream(shape.dims()).forEach(dims::add);
    return dims;
  }
}
