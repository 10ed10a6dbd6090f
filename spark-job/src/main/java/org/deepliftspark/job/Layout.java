package org.deepliftspark.job;

/** What {@code contributions} holds for a sequence. */
public enum Layout {
  /** One number per position: the sum over the letters of (input - reference) x multiplier. */
  OBSERVED,
  /** One number per position and letter, row-major. */
  FULL
}
