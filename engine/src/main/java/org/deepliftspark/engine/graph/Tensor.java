package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * A constant array, row-major. The data is shared, not copied: nobody writes to it after
 * construction.
 */
public final class Tensor implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Shape shape;
  private final float[] data;

  private Tensor(Shape shape, float[] data) {
    this.shape = shape;
    this.data = data;
  }

  public static Tensor of(float[] data, int... dims) {
    return of(data, Shape.of(dims));
  }

  public static Tensor of(float[] data, Shape shape) {
    Objects.requireNonNull(data, "data");
    if (data.length != shape.size()) {
      throw new IllegalArgumentException(
          "Invalid tensor: shape "
              + shape
              + " needs "
              + shape.size()
              + " numbers, found "
              + data.length);
    }
    return new Tensor(shape, data);
  }

  public static Tensor scalar(float value) {
    return new Tensor(Shape.SCALAR, new float[] {value});
  }

  public static Tensor filled(float value, Shape shape) {
    float[] data = new float[shape.size()];
    Arrays.fill(data, value);
    return new Tensor(shape, data);
  }

  public Shape shape() {
    return shape;
  }

  /** The numbers themselves, row-major; not a copy. */
  public float[] data() {
    return data;
  }

  public int size() {
    return data.length;
  }

  public Tensor reshaped(int... dims) {
    return of(data, Shape.of(dims));
  }

  /** Returns a new tensor whose axis {@code i} is this one's axis {@code permutation[i]}. */
  public Tensor permuted(int... permutation) {
    Shape to = shape.permuted(permutation);
    int[] from = shape.strides();
    int[] strides = new int[permutation.length];
    for (int axis = 0; axis < permutation.length; axis++) {
      strides[axis] = from[permutation[axis]];
    }
    float[] out = new float[data.length];
    int[] index = new int[permutation.length];
    for (int i = 0; i < out.length; i++) {
      int source = 0;
      for (int axis = 0; axis < index.length; axis++) {
        source += index[axis] * strides[axis];
      }
      out[i] = data[source];
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == to.dim(axis); axis--) {
        index[axis] = 0;
      }
    }
    return new Tensor(to, out);
  }

  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
