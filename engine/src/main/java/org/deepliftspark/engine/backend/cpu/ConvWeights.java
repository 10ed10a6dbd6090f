package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Weights of a convolution as matrices, per group {@code [taps * in / groups, out / groups]}, one
 * after the other. The adjoint reads the same matrices transposed.
 */
final class ConvWeights implements AutoCloseable {
  private final FloatPointer numbers;
  private final int groups;
  private final int inPerGroup;
  private final int outPerGroup;
  private final int taps;

  private ConvWeights(float[] matrices, int groups, int inPerGroup, int outPerGroup, int taps) {
    this.numbers = Memory.copyOf(matrices);
    this.groups = groups;
    this.inPerGroup = inPerGroup;
    this.outPerGroup = outPerGroup;
    this.taps = taps;
  }

  static ConvWeights of(Tensor weight, int groups) {
    Shape shape = weight.shape();
    int inPerGroup = shape.dim(1);
    int outPerGroup = shape.dim(0) / groups;
    int taps = shape.size() / shape.dim(0) / shape.dim(1);
    return new ConvWeights(inOrder(weight, groups), groups, inPerGroup, outPerGroup, taps);
  }

  /** Per group and tap {@code [in, out]}. */
  private static float[] inOrder(Tensor weight, int groups) {
    Shape shape = weight.shape();
    int inPerGroup = shape.dim(1);
    int outPerGroup = shape.dim(0) / groups;
    int taps = shape.size() / shape.dim(0) / shape.dim(1);
    float[] data = weight.data();
    float[] matrices = new float[data.length];
    int to = 0;
    for (int group = 0; group < groups; group++) {
      for (int tap = 0; tap < taps; tap++) {
        for (int in = 0; in < inPerGroup; in++) {
          for (int out = group * outPerGroup; out < (group + 1) * outPerGroup; out++) {
            matrices[to++] = data[(out * inPerGroup + in) * taps + tap];
          }
        }
      }
    }
    return matrices;
  }

  /** Those of the convolution that is the adjoint of one with stride 1: taps reversed. */
  static ConvWeights flipped(Tensor weight) {
    Shape shape = weight.shape();
    int in = shape.dim(1);
    int out = shape.dim(0);
    return new ConvWeights(reversed(weight), 1, out, in, shape.size() / out / in);
  }

  /** For products of fewer multiplications: of a convolution, or of the one that is its adjoint. */
  static WinogradWeights winograd(Tensor weight, boolean adjoint) {
    int size = weight.shape().dim(0) * weight.shape().dim(1);
    return new WinogradWeights(adjoint ? reversed(weight) : inOrder(weight, 1), size);
  }

  /** Per tap, from the last, {@code [out, in]}. */
  private static float[] reversed(Tensor weight) {
    Shape shape = weight.shape();
    int in = shape.dim(1);
    int out = shape.dim(0);
    int taps = shape.size() / out / in;
    float[] data = weight.data();
    float[] matrices = new float[data.length];
    int to = 0;
    for (int tap = taps - 1; tap >= 0; tap--) {
      for (int from = 0; from < out; from++) {
        for (int channel = 0; channel < in; channel++) {
          matrices[to++] = data[(from * in + channel) * taps + tap];
        }
      }
    }
    return matrices;
  }

  /**
   * What every position of the result adds to its taps, as one product: {@code [out, taps * in]}.
   */
  static ConvWeights toTaps(Tensor weight) {
    Shape shape = weight.shape();
    int in = shape.dim(1);
    int out = shape.dim(0);
    int taps = shape.size() / out / in;
    float[] data = weight.data();
    float[] matrix = new float[data.length];
    int to = 0;
    for (int from = 0; from < out; from++) {
      for (int tap = 0; tap < taps; tap++) {
        for (int channel = 0; channel < in; channel++) {
          matrix[to++] = data[(from * in + channel) * taps + tap];
        }
      }
    }
    return new ConvWeights(matrix, 1, out, taps * in, 1);
  }

  int groups() {
    return groups;
  }

  int inPerGroup() {
    return inPerGroup;
  }

  int outPerGroup() {
    return outPerGroup;
  }

  int taps() {
    return taps;
  }

  /** The matrix of a group from a tap on. */
  FloatPointer matrix(int group, int tap) {
    long from = (long) (group * taps + tap) * inPerGroup * outPerGroup;
    return numbers.getPointer(from);
  }

  @Override
  public void close() {
    numbers.close();
  }
}
