package org.deepliftspark.engine.program;

/** Element-wise functions of two operands that every backend knows; comparisons give 1 or 0. */
public enum BinaryOp {
  ADD,
  SUBTRACT,
  MULTIPLY,
  DIVIDE,
  MINIMUM,
  MAXIMUM,
  EQUAL,
  LESS
}
