package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.Objects;

/**
 * Names an element-wise activation and holds its parameters. What it computes is in {@code
 * engine.rule}'s activation table.
 *
 * @param kind which function
 * @param alpha slope or scale of the negative part where the function has one (leaky ReLU, ELU,
 *     ...), otherwise 0
 * @param slopes PReLU's slopes, broadcastable to the node's shape; otherwise null
 */
public record ActivationFunction(Kind kind, float alpha, Tensor slopes) implements Serializable {

  public ActivationFunction {
    Objects.requireNonNull(kind, "kind");
  }

  public static ActivationFunction of(Kind kind) {
    return new ActivationFunction(kind, kind == Kind.ELU ? 1f : 0f, null);
  }

  public static ActivationFunction of(Kind kind, float alpha) {
    return new ActivationFunction(kind, alpha, null);
  }

  public static ActivationFunction prelu(Tensor slopes) {
    return new ActivationFunction(Kind.PRELU, 0f, slopes);
  }

  @Override
  public String toString() {
    return kind + (alpha != 0f && !(kind == Kind.ELU && alpha == 1f) ? "(" + alpha + ")" : "");
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
    EXPONENTIAL
  }
}
