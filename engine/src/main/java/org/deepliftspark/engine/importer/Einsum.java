package org.deepliftspark.engine.importer;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Sums of products of two values in Einstein's notation, per example: a letter names an axis, and
 * letters that the result lacks are summed over. Ellipses have become letters before.
 */
public final class Einsum {
  private final LayerNodes nodes;
  private final String result;

  private Einsum(GraphBuilder graph, String name, String result) {
    this.nodes = new LayerNodes(graph, name);
    this.result = result;
  }

  /**
   * Of two values that both depend on the input: products of two players.
   *
   * @param left letters of {@code a}'s axes
   * @param right letters of {@code b}'s axes
   */
  public static Node of(
      GraphBuilder graph, String name, String left, Node a, String right, Node b, String result) {
    Einsum einsum = new Einsum(graph, name, result);
    String leftLetters = einsum.kept(left, right);
    String rightLetters = einsum.kept(right, left);
    Node x = einsum.summed("left_sum", left, leftLetters, a);
    Node y = einsum.summed("right_sum", right, rightLetters, b);
    return einsum.product(leftLetters, x, rightLetters, y);
  }

  /**
   * Of a value and a constant: one product with a matrix where the constant shares no letter with
   * both value and result.
   */
  public static Node of(
      GraphBuilder graph, String name, String left, Node a, String right, Tensor b, String result) {
    boolean shared = right.chars().anyMatch(c -> left.indexOf(c) >= 0 && result.indexOf(c) >= 0);
    boolean onlyRight = right.chars().anyMatch(c -> left.indexOf(c) < 0 && result.indexOf(c) < 0);
    if (shared || onlyRight) {
      return of(graph, name, left, a, right, graph.constant(name + "/constant", b), result);
    }
    Einsum einsum = new Einsum(graph, name, result);
    return einsum.matrix(left, a, right, b);
  }

  private Node matrix(String left, Node a, String right, Tensor b) {
    require(left, a.shape().rank());
    require(right, b.shape().rank());
    String summed = letters(left, c -> right.indexOf(c) >= 0);
    String fresh = letters(right, c -> left.indexOf(c) < 0);
    String first = kept(left, right);
    Node x = summed("sum", left, first, a);
    String kept = letters(first, c -> result.indexOf(c) >= 0);
    Node ordered = nodes.transpose("ordered", x, order(first, kept + summed));
    int[] dims = ordered.shape().dims();
    Tensor turned = b.permuted(order(right, summed + fresh));
    int[] sizes = turned.shape().dims();
    int in = size(Arrays.copyOf(sizes, summed.length()));
    int[] out = Arrays.copyOfRange(sizes, summed.length(), sizes.length);
    int[] keptDims = Arrays.copyOf(dims, kept.length());
    Node flat = nodes.reshape("flat", ordered, joined(keptDims, in));
    Op dense = new Op.Dense(turned.reshaped(in, size(out)), null);
    Node product = nodes.add("product", dense, flat);
    Node apart = nodes.reshape("apart", product, joined(keptDims, out));
    return finish(apart, kept + fresh);
  }

  private Node product(String left, Node a, String right, Node b) {
    String stack = letters(left, c -> right.indexOf(c) >= 0 && result.indexOf(c) >= 0);
    String summed = letters(left, c -> right.indexOf(c) >= 0 && result.indexOf(c) < 0);
    String rows = letters(left, c -> right.indexOf(c) < 0);
    String columns = letters(right, c -> left.indexOf(c) < 0);
    Node x = nodes.transpose("left", a, order(left, stack + rows + summed));
    Node y = nodes.transpose("right", b, order(right, stack + summed + columns));
    int[] stackDims = Arrays.copyOf(x.shape().dims(), stack.length());
    int[] rowDims =
        Arrays.copyOfRange(x.shape().dims(), stack.length(), stack.length() + rows.length());
    int[] columnDims =
        Arrays.copyOfRange(y.shape().dims(), stack.length() + summed.length(), y.shape().rank());
    int inner = x.shape().size() / (size(stackDims) * size(rowDims));
    Node xs = nodes.reshape("left_matrix", x, joined(stackDims, size(rowDims), inner));
    Node ys = nodes.reshape("right_matrix", y, joined(stackDims, inner, size(columnDims)));
    Node product = nodes.add("product", new Op.MatMul(), xs, ys);
    Node apart = nodes.reshape("apart", product, joined(joined(stackDims, rowDims), columnDims));
    return finish(apart, stack + rows + columns);
  }

  private Node finish(Node value, String letters) {
    require(result, value.shape().rank());
    int[] order = order(letters, result);
    return AxisOrder.isIdentity(order)
        ? nodes.reshape("", value, value.shape())
        : nodes.transpose("", value, order);
  }

  /** Letters of a value that the other value or the result has. */
  private String kept(String own, String other) {
    return letters(own, c -> other.indexOf(c) >= 0 || result.indexOf(c) >= 0);
  }

  private Node summed(String part, String letters, String kept, Node value) {
    require(letters, value.shape().rank());
    int[] axes =
        IntStream.range(0, letters.length())
            .filter(axis -> kept.indexOf(letters.charAt(axis)) < 0)
            .toArray();
    return axes.length == 0 ? value : nodes.reduce(part, Reduction.SUM, value, false, axes);
  }

  private static void require(String letters, int rank) {
    if (letters.length() != rank || letters.chars().distinct().count() != rank) {
      throw new IllegalArgumentException(
          "'" + letters + "' does not name each of " + rank + " axes once");
    }
  }

  private static int[] order(String from, String to) {
    int[] order = to.chars().map(from::indexOf).toArray();
    if (order.length != from.length() || Arrays.stream(order).anyMatch(axis -> axis < 0)) {
      throw new IllegalArgumentException("'" + to + "' is no order of '" + from + "'");
    }
    return order;
  }

  private static String letters(String of, IntPredicate which) {
    return of.chars()
        .filter(which)
        .mapToObj(c -> String.valueOf((char) c))
        .collect(Collectors.joining());
  }

  private static int size(int... dims) {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  private static int[] joined(int[] a, int... b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
