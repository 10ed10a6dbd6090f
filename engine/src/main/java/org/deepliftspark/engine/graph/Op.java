package org.deepliftspark.engine.graph;

import java.io.Serializable;

/**
 * What a node does, for one example (no batch axis). Spatial ops are channels-first: {@code
 * [channels, length]} or {@code [channels, height, width]}; importers insert {@link Transpose}
 * where a framework keeps channels last. Inputs of the graph are always channels-last, whatever the
 * model's file says.
 */
public sealed interface Op extends Serializable {

  /** What the op is called in listings and messages. */
  default String label() {
    return getClass().getSimpleName();
  }

  /**
   * An input of the model, {@code [length, channels]}, {@code [height, width, channels]} or {@code
   * [features]}.
   *
   * @param fileChannelsFirst whether the model's file has the channels of this input on its first
   *     axis
   */
  record Input(Shape shape, boolean fileChannelsFirst) implements Op {}

  record Constant(Tensor value) implements Op {}

  /** Passes its input on: Dropout, Identity. Kept so that the user's names stay usable. */
  record Identity() implements Op {}

  /**
   * {@code x W + b} over the last axis.
   *
   * @param weight {@code [in, out]}
   * @param bias {@code [out]}, or null
   */
  record Dense(Tensor weight, Tensor bias) implements Op {}

  /**
   * Cross-correlation.
   *
   * @param weight {@code [out, in / groups, kernel...]}
   * @param bias {@code [out]}, or null
   */
  record Conv(Tensor weight, Tensor bias, ConvGeometry geometry) implements Op {}

  /**
   * The adjoint of a cross-correlation from {@code to} to the node's input, plus a bias.
   *
   * @param weight {@code [in, out / groups, kernel...]}, as that cross-correlation has it
   * @param bias {@code [out]}, or null
   * @param geometry of that cross-correlation
   * @param to the result's shape, {@code [out, space...]}
   */
  record ConvTranspose(Tensor weight, Tensor bias, ConvGeometry geometry, Shape to) implements Op {}

  /**
   * {@code x * scale + shift} per channel: batch normalisation at inference.
   *
   * @param scale {@code [channels]}
   * @param shift {@code [channels]}
   * @param axis the channels' axis, not negative
   */
  record ChannelAffine(Tensor scale, Tensor shift, int axis) implements Op {}

  /** An element-wise function of one variable. */
  record Activation(ActivationFunction function) implements Op {
    @Override
    public String label() {
      return function.toString();
    }
  }

  record Softmax(int axis) implements Op {}

  record MaxPool(PoolGeometry geometry) implements Op {}

  /**
   * @param countPadding whether cells of the padding count in the divisor
   */
  record AveragePool(PoolGeometry geometry, boolean countPadding) implements Op {}

  /** Sum, mean or maximum over whole axes. */
  record Reduce(Reduction reduction, int[] axes, boolean keepDims) implements Op {
    @Override
    public String label() {
      return "Reduce" + reduction;
    }
  }

  record Reshape(Shape to) implements Op {}

  record Transpose(int[] permutation) implements Op {}

  record Concat(int axis) implements Op {}

  /**
   * Elements {@code starts[a], starts[a] + steps[a], ...} of each axis, as many as the node's shape
   * says. Steps are positive.
   */
  record Slice(int[] starts, int[] steps, Shape to) implements Op {}

  /**
   * Constant padding; {@code begin} and {@code end} have an entry per axis and are not negative.
   */
  record Pad(int[] begin, int[] end, float value) implements Op {}

  /** Element-wise arithmetic of two operands, with broadcasting as in NumPy. */
  record Binary(Arithmetic arithmetic) implements Op {
    @Override
    public String label() {
      return arithmetic.toString();
    }
  }

  /**
   * Product of matrices {@code a [..., n, k] . b [..., k, m]} of two operands of one rank; the axes
   * before the last two broadcast as in NumPy.
   */
  record MatMul() implements Op {}

  enum Arithmetic {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MINIMUM,
    MAXIMUM
  }

  enum Reduction {
    SUM,
    MEAN,
    MAX
  }
}
