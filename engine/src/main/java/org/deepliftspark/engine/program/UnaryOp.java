package org.deepliftspark.engine.program;

/** Element-wise functions of one operand that every backend knows. */
public enum UnaryOp {
  NEGATE,
  ABS,
  /** 1, 0 or -1. */
  SIGN,
  RELU,
  EXP,
  LOG,
  SQRT,
  TANH,
  SIGMOID,
  ERF,
  /** log(1 + exp(x)), without overflow. */
  SOFTPLUS
}
