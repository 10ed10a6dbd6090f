package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Dimensions of one example: there is no batch axis. Immutable. */
public final class Shape implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape();

  private final int[] dims;

  private Shape(int... dims) {
    this.dims = dims;
  }

  /**
   * @throws IllegalArgumentException if a dimension is not positive or the number of elements
   *     passes 2^31 - 1
   */
  public static Shape of(int... dims) {
    long size = 1;
    for (int dim : dims) {
      if (dim <= 0) {
        throw new IllegalArgumentException(
            "Invalid shape " + Arrays.toString(dims) + ": dimensions must be positive");
      }
      size *= dim;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Invalid shape " + Arrays.toString(dims) + ": more than 2^31 - 1 elements");
      }
    }
    return new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  /** Dimension of an axis; a negative axis counts from the end. */
  public int dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  public int[] dims() {
    return dims.clone();
  }

  /** Number of elements. */
  public int size() {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    return size;
  }

  /** Row-major strides, in elements. */
  public int[] strides() {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dims[axis];
    }
    return strides;
  }

  public Shape with(int axis, int dim) {
    int[] changed = dims.clone();
    changed[axis < 0 ? axis + dims.length : axis] = dim;
    return of(changed);
  }

  public Shape permuted(int... permutation) {
    int[] permuted = new int[dims.length];
    for (int axis = 0; axis < dims.length; axis++) {
      permuted[axis] = dims[permutation[axis]];
    }
    return new Shape(permuted);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
