package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Resizing of one axis as a matrix; what ONNX's operator Resize says, of which all frameworks'
 * functions are cases.
 *
 * @param kind how cells between two positions are valued
 * @param coordinates which position of the input a position of the result stands for
 * @param rounding of {@link Kind#NEAREST}
 * @param cubic the coefficient of {@link Kind#CUBIC}, usually -0.75
 * @param excludeOutside whether cubic weights beyond the edge are left out, not given to the edge
 */
public record Interpolation(
    Kind kind, Coordinates coordinates, Rounding rounding, double cubic, boolean excludeOutside) {

  public enum Kind {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** As ONNX names them. */
  public enum Coordinates {
    HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    PYTORCH_HALF_PIXEL,
    ALIGN_CORNERS,
    ASYMMETRIC,
    TF_HALF_PIXEL_FOR_NN
  }

  /** As ONNX names them. */
  public enum Rounding {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL
  }

  public static Interpolation linear(Coordinates coordinates) {
    return new Interpolation(Kind.LINEAR, coordinates, Rounding.FLOOR, 0, false);
  }

  /**
   * The matrix {@code [length, count]} that makes {@code count} cells of {@code length}.
   *
   * @param graph that it will be a part of
   * @param scale cells of the result per cell of the input, of which count may be the floor
   */
  public Tensor matrix(GraphBuilder graph, int length, int count, double scale) {
    float[] matrix = LinearMaps.matrix(graph, length, count);
    for (int k = 0; k < count; k++) {
      double at = position(k, length, count, scale);
      switch (kind) {
        case NEAREST -> matrix[clamped(rounded(at), length) * count + k] = 1;
        case LINEAR -> {
          double left = Math.floor(at);
          matrix[clamped(left, length) * count + k] += (float) (left + 1 - at);
          matrix[clamped(left + 1, length) * count + k] += (float) (at - left);
        }
        case CUBIC -> addCubic(matrix, k, at, length, count);
      }
    }
    return Tensor.of(matrix, length, count);
  }

  private double position(int k, int length, int count, double scale) {
    return switch (coordinates) {
      case HALF_PIXEL -> (k + 0.5) / scale - 0.5;
      case PYTORCH_HALF_PIXEL -> count > 1 ? (k + 0.5) / scale - 0.5 : 0;
      case HALF_PIXEL_SYMMETRIC -> {
        double adjusted = count / (scale * length);
        yield length / 2.0 * (1 - adjusted) + (k + 0.5) / scale - 0.5;
      }
      case ALIGN_CORNERS -> count == 1 ? 0 : k * (length - 1.0) / (count - 1.0);
      case ASYMMETRIC -> k / scale;
      case TF_HALF_PIXEL_FOR_NN -> (k + 0.5) / scale;
    };
  }

  private double rounded(double at) {
    return switch (rounding) {
      case ROUND_PREFER_FLOOR -> Math.ceil(at - 0.5);
      case ROUND_PREFER_CEIL -> Math.floor(at + 0.5);
      case FLOOR -> Math.floor(at);
      case CEIL -> Math.ceil(at);
    };
  }

  private void addCubic(float[] matrix, int k, double at, int length, int count) {
    double left = Math.floor(at);
    double[] weights = new double[4];
    double sum = 0;
    for (int tap = 0; tap < 4; tap++) {
      double cell = left - 1 + tap;
      boolean outside = cell < 0 || cell >= length;
      weights[tap] = excludeOutside && outside ? 0 : cubicWeight(Math.abs(at - cell));
      sum += weights[tap];
    }
    for (int tap = 0; tap < 4; tap++) {
      int cell = clamped(left - 1 + tap, length);
      matrix[cell * count + k] += (float) (weights[tap] / (excludeOutside ? sum : 1));
    }
  }

  /** Keys's convolution kernel. */
  private double cubicWeight(double distance) {
    double a = cubic;
    double d = distance;
    return d <= 1
        ? ((a + 2) * d - (a + 3)) * d * d + 1
        : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  private static int clamped(double cell, int length) {
    return (int) Math.max(0, Math.min(length - 1, cell));
  }
}
