package org.deepliftspark.engine.backend.cpu;

/** Element-wise operations that no {@code UnaryOp} or {@code BinaryOp} is. */
enum TileCode {
  /** A choice between two numbers by a third, which comes first. */
  SELECT,
  /** The larger one of two numbers, but at least 0. */
  POSITIVE_MAXIMUM,
  /** 1 for 0, 0 for another number. */
  IS_ZERO,
  /** {@code p / (p - min(min(u, v), c))}: the slope of ReLU. */
  SHARE
}
