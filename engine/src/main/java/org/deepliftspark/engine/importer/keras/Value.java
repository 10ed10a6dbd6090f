package org.deepliftspark.engine.importer.keras;

import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/**
 * A Keras tensor and the node that holds it. Keras's own axis order stays the one that settings
 * such as {@code axis} speak of, while the node may keep the last axis in front, as convolutions
 * want it.
 *
 * @param node what holds the tensor
 * @param moved whether Keras's last axis is the node's first and all others are one further back
 */
record Value(Node node, boolean moved) {

  /** The shape that Keras sees, without the batch axis. */
  Shape shape() {
    return moved ? node.shape().permuted(toLast(rank())) : node.shape();
  }

  int rank() {
    return node.shape().rank();
  }

  /** Where the node keeps an axis of the Keras tensor. */
  int nodeAxis(int axis) {
    return moved ? (axis + 1) % rank() : axis;
  }

  /** Entries per Keras axis, in the order of the node's axes. */
  int[] nodeOrder(int[] perAxis) {
    int[] ordered = new int[perAxis.length];
    for (int axis = 0; axis < perAxis.length; axis++) {
      ordered[nodeAxis(axis)] = perAxis[axis];
    }
    return ordered;
  }

  /** The permutation that brings the first axis to the end. */
  static int[] toLast(int rank) {
    int[] permutation = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      permutation[axis] = (axis + 1) % rank;
    }
    return permutation;
  }

  /** The permutation that brings the last axis to the front. */
  static int[] toFirst(int rank) {
    int[] permutation = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      permutation[axis] = (axis + rank - 1) % rank;
    }
    return permutation;
  }
}
