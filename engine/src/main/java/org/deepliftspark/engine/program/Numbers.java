package org.deepliftspark.engine.program;

/** An array in the precision of the backend that made it: float or double. */
public final class Numbers {
  private final float[] floats;
  private final double[] doubles;

  private Numbers(float[] floats, double[] doubles) {
    this.floats = floats;
    this.doubles = doubles;
  }

  public static Numbers of(float[] numbers) {
    return new Numbers(numbers, null);
  }

  public static Numbers of(double[] numbers) {
    return new Numbers(null, numbers);
  }

  /** Zeros, double if {@code inDouble}. */
  public static Numbers zeros(int length, boolean inDouble) {
    return inDouble ? of(new double[length]) : of(new float[length]);
  }

  public int length() {
    return floats != null ? floats.length : doubles.length;
  }

  public double get(int index) {
    return floats != null ? floats[index] : doubles[index];
  }

  public boolean isDouble() {
    return doubles != null;
  }

  /** The numbers as floats; not a copy where they are floats already. */
  public float[] floats() {
    if (floats != null) {
      return floats;
    }
    float[] rounded = new float[doubles.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) doubles[i];
    }
    return rounded;
  }

  /** The numbers as doubles; not a copy where they are doubles already. */
  public double[] doubles() {
    if (doubles != null) {
      return doubles;
    }
    double[] widened = new double[floats.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = floats[i];
    }
    return widened;
  }
}
