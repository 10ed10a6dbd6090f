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

  ConvWeights(Tensor weight, int groups) {
    Shape shape = weight.shape();
    this.groups = groups;
    this.inPerGroup = shape.dim(1);
    this.outPerGroup = shape.dim(0) / groups;
    this.taps = shape.size() / shape.dim(0) / shape.dim(1);
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
    this.numbers = Memory.copyOf(matrices);
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
