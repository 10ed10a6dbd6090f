package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.UnaryOp;

/**
 * Element-wise loops over arrays on the heap, which the JVM's compiler vectorizes; over direct
 * buffers, and over arrays from different starts, it does not. All start at index 0.
 */
final class Tiles {
  /** Numbers in a tile: a few tiles stay in the innermost cache. */
  static final int SIZE = 2048;

  private Tiles() {}

  static void unary(UnaryOp op, float[] a, float[] out, int n) {
    switch (op) {
      case NEGATE -> negate(a, out, n);
      case ABS -> abs(a, out, n);
      case RELU -> relu(a, out, n);
      case SQRT -> sqrt(a, out, n);
      case SIGN -> {
        for (int i = 0; i < n; i++) {
          out[i] = Math.signum(a[i]);
        }
      }
      case EXP -> {
        for (int i = 0; i < n; i++) {
          out[i] = (float) Math.exp(a[i]);
        }
      }
      case LOG -> {
        for (int i = 0; i < n; i++) {
          out[i] = (float) Math.log(a[i]);
        }
      }
      case TANH -> {
        for (int i = 0; i < n; i++) {
          out[i] = (float) Math.tanh(a[i]);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < n; i++) {
          out[i] = (float) (1 / (1 + Math.exp(-a[i])));
        }
      }
      case ERF -> {
        for (int i = 0; i < n; i++) {
          out[i] = (float) Erf.of(a[i]);
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          out[i] = (float) (Math.max(a[i], 0.0) + Math.log1p(Math.exp(-Math.abs((double) a[i]))));
        }
      }
    }
  }

  static void binary(BinaryOp op, float[] a, float[] b, float[] out, int n) {
    switch (op) {
      case ADD -> add(a, b, out, n);
      case SUBTRACT -> subtract(a, b, out, n);
      case MULTIPLY -> multiply(a, b, out, n);
      case DIVIDE -> divide(a, b, out, n);
      case MINIMUM -> minimum(a, b, out, n);
      case MAXIMUM -> maximum(a, b, out, n);
      case EQUAL -> equal(a, b, out, n);
      case LESS -> less(a, b, out, n);
    }
  }

  static void select(float[] condition, float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = condition[i] != 0 ? a[i] : b[i];
    }
  }

  /** See {@link TileCode#POSITIVE_MAXIMUM}. */
  static void positiveMaximum(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.max(Math.max(a[i], b[i]), 0f);
    }
  }

  /** See {@link TileCode#SHARE}. */
  static void share(float[] p, float[] u, float[] v, float c, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = p[i] / (p[i] - Math.min(Math.min(u[i], v[i]), c));
    }
  }

  /** See {@link TileCode#IS_ZERO}. The factors raise the smallest float above 1. */
  static void isZero(float[] a, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = 1f - Math.min(1f, Math.abs(a[i]) * 0x1p126f * 0x1p30f);
    }
  }

  private static void negate(float[] a, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = -a[i];
    }
  }

  private static void abs(float[] a, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.abs(a[i]);
    }
  }

  private static void relu(float[] a, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.max(a[i], 0f);
    }
  }

  private static void sqrt(float[] a, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (float) Math.sqrt(a[i]);
    }
  }

  static void add(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] + b[i];
    }
  }

  private static void subtract(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] - b[i];
    }
  }

  static void multiply(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] * b[i];
    }
  }

  private static void divide(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] / b[i];
    }
  }

  private static void minimum(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.min(a[i], b[i]);
    }
  }

  static void maximum(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.max(a[i], b[i]);
    }
  }

  /**
   * 1 where a cell holds the maximum of its window and the window is still free, otherwise 0; such
   * windows are then taken. A difference of two floats is 0 or large enough for the factors to
   * raise it above 1.
   */
  static void winners(float[] best, float[] cell, float[] free, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      float lower = Math.min(1f, (best[i] - cell[i]) * 0x1p126f * 0x1p30f);
      float left = free[i] * lower;
      out[i] = free[i] - left;
      free[i] = left;
    }
  }

  private static void equal(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] == b[i] ? 1f : 0f;
    }
  }

  private static void less(float[] a, float[] b, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] < b[i] ? 1f : 0f;
    }
  }
}
