package org.deepliftspark.job;

/** What a letter other than A, C, G and T becomes. */
public enum UnknownBase {
  /** Zeros in all four channels. */
  ZERO,
  /** The background frequencies in the four channels. */
  BACKGROUND,
  /** The row is rejected. */
  REJECT
}
