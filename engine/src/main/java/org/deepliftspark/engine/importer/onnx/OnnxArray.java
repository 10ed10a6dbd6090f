package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.deepliftspark.engine.graph.Tensor;

/**
 * A known array. Unlike {@link Tensor} it may be empty, may hold integers of 64 bits, and an
 * integer may be a multiple of a power of the batch size, which no file tells: the shape of a
 * computed tensor is {@code [1 * batch^1, 4, 200]}.
 */
final class OnnxArray implements OnnxValue {
  /** What the numbers are. */
  enum Kind {
    FLOAT,
    INTEGER,
    BOOLEAN
  }

  private final Kind kind;
  private final int[] dims;
  private final float[] floats;
  private final long[] integers;
  private final byte[] powers;

  private OnnxArray(Kind kind, int[] dims, float[] floats, long[] integers, byte[] powers) {
    this.kind = kind;
    this.dims = dims;
    this.floats = floats;
    this.integers = integers;
    this.powers = powers;
  }

  static OnnxArray ofFloats(float[] data, int... dims) {
    return new OnnxArray(Kind.FLOAT, dims, data, null, null);
  }

  static OnnxArray ofIntegers(long[] data, int... dims) {
    return new OnnxArray(Kind.INTEGER, dims, null, data, null);
  }

  /** Booleans as 0 and 1. */
  static OnnxArray ofBooleans(long[] data, int... dims) {
    return new OnnxArray(Kind.BOOLEAN, dims, null, data, null);
  }

  /**
   * Integers that depend on the batch size.
   *
   * @param powers element {@code i} is {@code data[i] * batch^powers[i]}
   */
  static OnnxArray ofBatchMultiples(long[] data, byte[] powers, int... dims) {
    boolean plain = true;
    for (byte power : powers) {
      plain &= power == 0;
    }
    return new OnnxArray(Kind.INTEGER, dims, null, data, plain ? null : powers);
  }

  Kind kind() {
    return kind;
  }

  boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  int rank() {
    return dims.length;
  }

  int[] dims() {
    return dims;
  }

  int size() {
    return isFloat() ? floats.length : integers.length;
  }

  double number(int i) {
    return isFloat() ? floats[i] : integers[i];
  }

  /** The integer factor of element {@code i}; see {@link #power}. */
  long integer(int i) {
    return isFloat() ? (long) floats[i] : integers[i];
  }

  /** With which power of the batch size element {@code i} is multiplied. */
  int power(int i) {
    return powers == null ? 0 : powers[i];
  }

  boolean dependsOnBatch() {
    return powers != null && !Arrays.equals(powers, new byte[powers.length]);
  }

  /** All elements as plain integers. */
  long[] plainIntegers(String what) {
    if (isFloat()) {
      throw new IllegalArgumentException(what + " must be integers");
    }
    if (dependsOnBatch()) {
      throw new UnsupportedNode(what + " depends on the batch size");
    }
    return integers.clone();
  }

  /** The only element, as a number. */
  double scalar(String what) {
    if (size() != 1) {
      throw new IllegalArgumentException(
          what + " must be a single number, found shape " + Arrays.toString(dims));
    }
    if (dependsOnBatch()) {
      throw new UnsupportedNode(what + " depends on the batch size");
    }
    return number(0);
  }

  /** The array as a tensor of the graph, all axes kept. */
  Tensor tensor() {
    return tensor(dims);
  }

  /** The array as a tensor of the graph with other dimensions. */
  Tensor tensor(int... newDims) {
    if (dependsOnBatch()) {
      throw new UnsupportedNode("a number in it depends on the batch size");
    }
    return Tensor.of(isFloat() ? floats : toFloats(), newDims);
  }

  private float[] toFloats() {
    float[] data = new float[integers.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = integers[i];
    }
    return data;
  }

  /** An array of the same kind whose element {@code i} is this one's element {@code source(i)}. */
  OnnxArray select(int[] newDims, int newSize, IntUnaryOperator source) {
    if (isFloat()) {
      float[] data = new float[newSize];
      for (int i = 0; i < newSize; i++) {
        data[i] = floats[source.applyAsInt(i)];
      }
      return new OnnxArray(kind, newDims, data, null, null);
    }
    long[] data = new long[newSize];
    byte[] exponents = powers == null ? null : new byte[newSize];
    for (int i = 0; i < newSize; i++) {
      int from = source.applyAsInt(i);
      data[i] = integers[from];
      if (exponents != null) {
        exponents[i] = powers[from];
      }
    }
    return new OnnxArray(kind, newDims, null, data, exponents);
  }

  /** The same elements in the same order with other dimensions, whose product must be the size. */
  OnnxArray reshaped(int... newDims) {
    return new OnnxArray(kind, newDims, floats, integers, powers);
  }

  @Override
  public String toString() {
    return kind + Arrays.toString(dims);
  }
}
