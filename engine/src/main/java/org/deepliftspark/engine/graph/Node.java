package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.List;

/**
 * One call of an op.
 *
 * @param id position in {@link Graph#nodes()}; inputs have smaller ids
 * @param name unique, as the model's file has it
 * @param op what it does
 * @param inputs ids of the nodes it reads
 * @param shape of one example of its output
 * @param channelsFirst whether axis 0 holds channels that users think of as the last axis; flat
 *     target indices are channels-last and this says how to translate them
 */
public record Node(
    int id, String name, Op op, List<Integer> inputs, Shape shape, boolean channelsFirst)
    implements Serializable {

  public Node {
    inputs = List.copyOf(inputs);
  }

  /** Shape as users count it: channels last. */
  public Shape userShape() {
    return channelsFirst ? shape.permuted(toChannelsLast(shape.rank())) : shape;
  }

  /** Row-major position in {@link #shape()} of a flat channels-last index. */
  public int positionOf(int userIndex) {
    if (!channelsFirst || shape.rank() < 2) {
      return userIndex;
    }
    int channels = shape.dim(0);
    int cells = shape.size() / channels;
    return userIndex % channels * cells + userIndex / channels;
  }

  private static int[] toChannelsLast(int rank) {
    int[] permutation = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      permutation[axis] = (axis + 1) % rank;
    }
    return permutation;
  }
}
