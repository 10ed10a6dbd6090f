package org.deepliftspark.engine.backend.onnx;

import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Weights of convolutions that compute the adjoint of another one. */
final class AdjointWeights {
  private AdjointWeights() {}

  /** {@code [out, in / groups, k...]} as {@code [in, out / groups, k...]}, taps reversed. */
  static Tensor flipped(Tensor weight, int groups) {
    Shape shape = weight.shape();
    int outPerGroup = shape.dim(0) / groups;
    int inPerGroup = shape.dim(1);
    int taps = shape.size() / shape.dim(0) / inPerGroup;
    float[] data = new float[weight.size()];
    for (int group = 0; group < groups; group++) {
      for (int in = 0; in < inPerGroup; in++) {
        for (int out = 0; out < outPerGroup; out++) {
          int from = ((group * outPerGroup + out) * inPerGroup + in) * taps;
          int to = ((group * inPerGroup + in) * outPerGroup + out) * taps;
          for (int tap = 0; tap < taps; tap++) {
            data[to + tap] = weight.data()[from + taps - 1 - tap];
          }
        }
      }
    }
    int[] dims = shape.dims();
    dims[0] = inPerGroup * groups;
    dims[1] = outPerGroup;
    return Tensor.of(data, dims);
  }

  /**
   * Weights {@code [channels, from, k..., width]} of stride 1 as {@code [block * channels, from,
   * k..., width + block - 1]} of stride {@code block} along the last axis: output channel {@code s
   * * channels + c} is channel c at position s of each block.
   */
  static Tensor blocked(Tensor weight, int block) {
    Shape shape = weight.shape();
    int channels = shape.dim(0);
    int width = shape.dim(-1);
    int rows = shape.size() / channels / width;
    int wider = width + block - 1;
    float[] data = new float[block * channels * rows * wider];
    for (int s = 0; s < block; s++) {
      for (int c = 0; c < channels; c++) {
        for (int row = 0; row < rows; row++) {
          int from = (c * rows + row) * width;
          int to = ((s * channels + c) * rows + row) * wider + s;
          System.arraycopy(weight.data(), from, data, to, width);
        }
      }
    }
    return Tensor.of(data, shape.with(0, block * channels).with(-1, wider));
  }
}
