package org.deepliftspark.engine.importer;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Permutations of axes, and lists of them. */
public final class AxisOrder {
  private AxisOrder() {}

  /** Brings one axis to the end; the others keep their order. */
  public static int[] toLast(int rank, int axis) {
    return IntStream.concat(others(rank, axis), IntStream.of(axis)).toArray();
  }

  /** Brings some axes to the end, in the order given; the others keep their order. */
  public static int[] toEnd(int rank, int... axes) {
    return IntStream.concat(others(rank, axes), Arrays.stream(axes)).toArray();
  }

  /** The axes but some, ascending. */
  public static IntStream others(int rank, int... axes) {
    return IntStream.range(0, rank)
        .filter(axis -> Arrays.stream(axes).noneMatch(one -> one == axis));
  }

  /** The permutation that undoes one. */
  public static int[] inverse(int... permutation) {
    int[] inverse = new int[permutation.length];
    for (int axis = 0; axis < inverse.length; axis++) {
      inverse[permutation[axis]] = axis;
    }
    return inverse;
  }

  public static boolean isIdentity(int... permutation) {
    return IntStream.range(0, permutation.length).allMatch(axis -> permutation[axis] == axis);
  }

  static int[] filled(int length, int value) {
    int[] filled = new int[length];
    Arrays.fill(filled, value);
    return filled;
  }
}
