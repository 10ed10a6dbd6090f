package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Weights of a convolution along a line for {@link WinogradConv}: taps in groups of three, each as
 * six matrices {@code [in, out]}. Taps that are missing in the last group are zeros.
 */
final class WinogradWeights implements AutoCloseable {
  /** Taps of a group. */
  static final int TAPS = 3;

  /** Products for a group. */
  static final int PRODUCTS = 6;

  /** The taps' polynomial at 0, -1, 1, 1/2 and -2, and its highest coefficient. */
  private static final double[][] AT_POINTS = {
    {1, 0, 0},
    {-1 / 3.0, 1 / 3.0, -1 / 3.0},
    {1 / 3.0, 1 / 3.0, 1 / 3.0},
    {-16 / 15.0, -8 / 15.0, -4 / 15.0},
    {1 / 15.0, -2 / 15.0, 4 / 15.0},
    {0, 0, 1}
  };

  private final FloatPointer numbers;
  private final int size;
  private final int groups;

  /**
   * @param matrices per tap {@code [in, out]}, one after the other
   * @param size numbers of one of them
   */
  WinogradWeights(float[] matrices, int size) {
    int taps = matrices.length / size;
    this.size = size;
    this.groups = groups(taps);
    float[] transformed = new float[groups * PRODUCTS * size];
    int to = 0;
    for (int group = 0; group < groups; group++) {
      for (double[] point : AT_POINTS) {
        for (int i = 0; i < size; i++) {
          double sum = 0;
          for (int tap = 0; tap < TAPS && group * TAPS + tap < taps; tap++) {
            sum += point[tap] * matrices[(group * TAPS + tap) * size + i];
          }
          transformed[to++] = (float) sum;
        }
      }
    }
    this.numbers = Memory.copyOf(transformed);
  }

  static int groups(int taps) {
    return (taps + TAPS - 1) / TAPS;
  }

  int groups() {
    return groups;
  }

  FloatPointer matrix(int group, int product) {
    return numbers.getPointer((long) (group * PRODUCTS + product) * size);
  }

  @Override
  public void close() {
    numbers.close();
  }
}
