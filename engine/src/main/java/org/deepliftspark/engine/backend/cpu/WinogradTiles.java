package org.deepliftspark.engine.backend.cpu;

/**
 * The arithmetic of {@link WinogradConv} on tiles of numbers: all arrays from index 0 on, since
 * only such loops are vectorized. The points are 0, -1, 1, 1/2, -2 and infinity: a third more exact
 * than 0, 1, -1, 2, -2, at the price of a few additions.
 */
final class WinogradTiles {
  private WinogradTiles() {}

  /** Six inputs of four neighboring results become the operands of six products. */
  static void operands(float[][] x, float[][] v, int n) {
    float[] x0 = x[0];
    float[] x1 = x[1];
    float[] x2 = x[2];
    float[] x3 = x[3];
    float[] x4 = x[4];
    float[] x5 = x[5];
    ends(x0, x1, x2, x3, x4, x5, v[0], v[5], n);
    ones(x1, x2, x3, x4, v[1], v[2], n);
    others(x1, x2, x3, x4, v[3], v[4], n);
  }

  private static void ends(
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float[] x4,
      float[] x5,
      float[] first,
      float[] last,
      int n) {
    for (int i = 0; i < n; i++) {
      first[i] = x0[i] + x4[i] + 1.5f * (x3[i] - x1[i]) - 2f * x2[i];
      last[i] = x1[i] + x5[i] + 1.5f * (x4[i] - x2[i]) - 2f * x3[i];
    }
  }

  private static void ones(
      float[] x1, float[] x2, float[] x3, float[] x4, float[] minus, float[] plus, int n) {
    for (int i = 0; i < n; i++) {
      minus[i] = x4[i] + x1[i] + 0.5f * x3[i] - 2.5f * x2[i];
      plus[i] = x4[i] - x1[i] + 0.5f * x2[i] + 2.5f * x3[i];
    }
  }

  private static void others(
      float[] x1, float[] x2, float[] x3, float[] x4, float[] half, float[] minusTwo, int n) {
    for (int i = 0; i < n; i++) {
      float same = x4[i] - x2[i];
      float other = x3[i] - x1[i];
      half[i] = same + 2f * other;
      minusTwo[i] = same - 0.5f * other;
    }
  }

  /** Six products become four neighboring results, added to what {@code y} holds. */
  static void results(float[][] m, float[][] y, int n) {
    first(m[0], m[1], m[2], m[3], m[4], y[0], n);
    second(m[1], m[2], m[3], m[4], y[1], n);
    third(m[1], m[2], m[3], m[4], y[2], n);
    fourth(m[1], m[2], m[3], m[4], m[5], y[3], n);
  }

  private static void first(
      float[] m0, float[] m1, float[] m2, float[] m3, float[] m4, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += m0[i] + (m1[i] + m2[i]) + (m3[i] + m4[i]);
    }
  }

  private static void second(float[] m1, float[] m2, float[] m3, float[] m4, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += m2[i] - m1[i] + (0.5f * m3[i] - 2f * m4[i]);
    }
  }

  private static void third(float[] m1, float[] m2, float[] m3, float[] m4, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += m1[i] + m2[i] + (0.25f * m3[i] + 4f * m4[i]);
    }
  }

  private static void fourth(
      float[] m1, float[] m2, float[] m3, float[] m4, float[] m5, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += m2[i] - m1[i] + (0.125f * m3[i] - 8f * m4[i]) + m5[i];
    }
  }
}
