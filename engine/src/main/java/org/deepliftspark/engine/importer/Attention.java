package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Attention: queries meet keys, and a softmax of the scores weighs the values. Products of two
 * values are two-player games.
 */
public final class Attention {
  /** Stands for minus infinity in masks, so that differences of masked scores stay numbers. */
  public static final float MASKED = -1e9f;

  private Attention() {}

  /**
   * @param query {@code [..., n, d]}
   * @param key {@code [..., m, d]}
   * @param value {@code [..., m, e]}
   * @param causal whether a position sees none that comes after it
   * @return {@code [..., n, e]}
   */
  public static Node dotProduct(
      LayerNodes nodes, Node query, Node key, Node value, double scale, boolean causal) {
    int rank = key.shape().rank();
    int[] swap = AxisOrder.toEnd(rank, rank - 1, rank - 2);
    Node scaled = nodes.combine("scaled", Arithmetic.MULTIPLY, query, scale);
    Node turned = nodes.transpose("keys", key, swap);
    Node scores = nodes.add("scores", new Op.MatMul(), scaled, turned);
    return weighted(nodes, scores, value, causal);
  }

  /**
   * @param scores {@code [..., n, m]}
   * @param value {@code [..., m, e]}
   */
  public static Node weighted(LayerNodes nodes, Node scores, Node value, boolean causal) {
    Node masked = causal ? causal(nodes, scores) : scores;
    Node weights = nodes.add("weights", new Op.Softmax(masked.shape().rank() - 1), masked);
    return nodes.add("weighted", new Op.MatMul(), weights, value);
  }

  private static Node causal(LayerNodes nodes, Node scores) {
    int rows = scores.shape().dim(-2);
    int columns = scores.shape().dim(-1);
    float[] mask = LinearMaps.matrix(nodes.graph(), rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int column = row + 1; column < columns; column++) {
        mask[row * columns + column] = MASKED;
      }
    }
    Node constant = nodes.constant("mask", Tensor.of(mask, rows, columns));
    return nodes.combine("masked", Arithmetic.ADD, scores, constant);
  }
}
