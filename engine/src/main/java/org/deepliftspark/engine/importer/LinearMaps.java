package org.deepliftspark.engine.importer;

import java.util.Arrays;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Constant linear maps along one axis, as a product with a matrix: whatever moves, repeats or mixes
 * cells and has no op of its own. Flipping and picking pass values on unchanged.
 */
public final class LinearMaps {
  /** Of a matrix; larger ones are refused rather than allocated. */
  private static final long MOST_ELEMENTS = 1 << 24;

  private LinearMaps() {}

  /**
   * Maps each line along an axis by a matrix.
   *
   * @param matrix {@code [length, new length]}
   */
  public static Node along(GraphBuilder graph, String name, Node x, int axis, Tensor matrix) {
    LayerNodes nodes = new LayerNodes(graph, name);
    int rank = x.shape().rank();
    Op product = new Op.Dense(matrix, null);
    if (axis == rank - 1) {
      return graph.add(name, product, x.channelsFirst(), x);
    }
    int[] order = AxisOrder.toLast(rank, axis);
    Node mapped = nodes.add("mapped", product, nodes.transpose("last", x, order));
    return graph.add(name, new Op.Transpose(AxisOrder.inverse(order)), x.channelsFirst(), mapped);
  }

  /**
   * An empty matrix for {@link #along}.
   *
   * @throws IllegalArgumentException if it would be absurdly large
   */
  public static float[] matrix(GraphBuilder graph, int rows, int columns) {
    if (rows < 1 || columns < 1 || (long) rows * columns > MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "a matrix of " + rows + " x " + columns + " is not within " + MOST_ELEMENTS);
    }
    graph.claim((long) rows * columns);
    return new float[rows * columns];
  }

  /** Takes cells of an axis in any order, also several times. */
  public static Node pick(GraphBuilder graph, String name, Node x, int axis, int... cells) {
    int length = x.shape().dim(axis);
    float[] matrix = matrix(graph, length, cells.length);
    for (int k = 0; k < cells.length; k++) {
      matrix[cells[k] * cells.length + k] = 1;
    }
    return along(graph, name, x, axis, Tensor.of(matrix, length, cells.length));
  }

  /**
   * Turns an axis round. A long axis is cut into rows of its square root, so that two small
   * matrices do the work of one whose size is the square of the length.
   */
  public static Node flip(GraphBuilder graph, String name, Node x, int axis) {
    int length = x.shape().dim(axis);
    int width = (int) Math.ceil(Math.sqrt(length));
    if (length <= 16) {
      return pick(graph, name, x, axis, reversed(length));
    }
    int height = (length + width - 1) / width;
    int more = height * width - length;
    LayerNodes nodes = new LayerNodes(graph, name);
    int rank = x.shape().rank();
    Node last = nodes.transpose("last", x, AxisOrder.toLast(rank, axis));
    int[] end = new int[rank];
    end[rank - 1] = more;
    Node padded = more == 0 ? last : nodes.add("padded", new Op.Pad(new int[rank], end, 0), last);
    int[] cut = Arrays.copyOf(padded.shape().dims(), rank + 1);
    cut[rank - 1] = height;
    cut[rank] = width;
    Node rows = nodes.reshape("rows", padded, cut);
    Node turned = pick(graph, name + "/columns", rows, rank, reversed(width));
    turned = pick(graph, name + "/turned", turned, rank - 1, reversed(height));
    Node whole = nodes.reshape("whole", turned, padded.shape());
    Node kept = more == 0 ? whole : nodes.slice("kept", whole, rank - 1, more, length);
    int[] back = AxisOrder.inverse(AxisOrder.toLast(rank, axis));
    return graph.add(name, new Op.Transpose(back), x.channelsFirst(), kept);
  }

  private static int[] reversed(int length) {
    int[] cells = new int[length];
    Arrays.setAll(cells, k -> length - 1 - k);
    return cells;
  }
}
