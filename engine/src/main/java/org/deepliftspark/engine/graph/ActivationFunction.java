package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.Objects;

/**
 * Names an element-wise activation and holds its parameters. What it computes is in {@code
 * engine.rule}'s activation table.
 *
 * @param kind which function
 * @param alpha first parameter where the function has one: slope or scale of the negative part,
 *     lower bound of a clip, slope of a hard sigmoid, threshold; otherwise 0
 * @param beta second parameter where the function has one: upper bound of a clip, offset of a hard
 *     sigmoid; otherwise 0
 * @param slopes PReLU's slopes, broadcastable to the node's shape; otherwise null
 * @param formula what a composite computes; otherwise null
 */
public record ActivationFunction(Kind kind, float alpha, float beta, Tensor slopes, Formula formula)
    implements Serializable {

  public ActivationFunction {
    Objects.requireNonNull(kind, "kind");
    if (kind == Kind.CLIP && !(alpha < beta)) {
      throw new IllegalArgumentException(
          "the lower bound " + alpha + " of a clip is not below its upper bound " + beta);
    }
    if ((kind == Kind.CELU || kind == Kind.HARD_SIGMOID) && !(alpha > 0)) {
      throw new IllegalArgumentException("alpha " + alpha + " of " + kind + " is not positive");
    }
  }

  /** The function with the parameters that its source gives it, if any. */
  public static ActivationFunction of(Kind kind) {
    return switch (kind) {
      case ELU, CELU, THRESHOLDED_RELU -> of(kind, 1f);
      case SOFT_SHRINK, HARD_SHRINK -> of(kind, 0.5f);
      case SQUAREPLUS -> of(kind, 4f);
      case HARD_SIGMOID -> of(kind, 1f / 6, 0.5f);
      case CLIP -> of(kind, 0f, 6f);
      default -> of(kind, 0f);
    };
  }

  public static ActivationFunction of(Kind kind, float alpha) {
    return of(kind, alpha, 0f);
  }

  public static ActivationFunction of(Kind kind, float alpha, float beta) {
    return new ActivationFunction(kind, alpha, beta, null, null);
  }

  /**
   * @param low may be negative infinity
   * @param high may be infinity
   */
  public static ActivationFunction clip(float low, float high) {
    return of(Kind.CLIP, low, high);
  }

  public static ActivationFunction prelu(Tensor slopes) {
    return new ActivationFunction(Kind.PRELU, 0f, 0f, slopes, null);
  }

  /** A function that no other kind is. */
  public static ActivationFunction composite(Formula formula) {
    return new ActivationFunction(Kind.COMPOSITE, 0f, 0f, null, formula);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CLIP, HARD_SIGMOID -> kind + "(" + alpha + ", " + beta + ")";
      case ELU, CELU -> kind + (alpha == 1f ? "" : "(" + alpha + ")");
      default -> kind + (alpha == 0f ? "" : "(" + alpha + ")");
    };
  }

  /** The functions that importers may name. */
  public enum Kind {
    RELU,
    SIGMOID,
    TANH,
    LEAKY_RELU,
    PRELU,
    ELU,
    SELU,
    SOFTPLUS,
    SOFTSIGN,
    GELU,
    GELU_TANH,
    SILU,
    MISH,
    CELU,
    LOG_SIGMOID,
    /** min(max(x, alpha), beta): ReLU6, hard tanh. */
    CLIP,
    /** max(0, min(1, alpha x + beta)). */
    HARD_SIGMOID,
    /** x times the hard sigmoid of slope 1/6 and offset 1/2. */
    HARD_SWISH,
    /**
     * x above alpha, otherwise beta: it jumps there, and so its secant slopes are large near it.
     */
    THRESHOLDED_RELU,
    /** x moved by alpha towards 0, and 0 between. */
    SOFT_SHRINK,
    /** x, and 0 where its size is not above alpha. */
    HARD_SHRINK,
    /** x - tanh(x). */
    TANH_SHRINK,
    /** (x + sqrt(x^2 + alpha)) / 2. */
    SQUAREPLUS,
    /** 0 up to -1, (x + 1)^2 / 4 up to 1, then x. */
    SPARSE_PLUS,
    /** A function written as steps: {@link Formula}. */
    COMPOSITE,
    EXPONENTIAL,
    ERF,
    ABS,
    SQUARE,
    CUBE,
    SQRT,
    LOG,
    RECIPROCAL;

    /**
     * Functions of arithmetic rather than activations of a layer. Methods that treat activations in
     * a way of their own (RevealCancel, guided backpropagation) leave them to Rescale: a part of
     * the delta alone may lie outside of what they are defined for, or grow without bound.
     */
    public boolean isArithmetic() {
      return compareTo(EXPONENTIAL) >= 0;
    }
  }
}
