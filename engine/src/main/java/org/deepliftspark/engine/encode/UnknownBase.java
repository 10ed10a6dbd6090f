package org.deepliftspark.engine.encode;

/** What becomes of N and the other IUPAC codes for several bases. */
public enum UnknownBase {
  /** Four zeros. */
  ZERO,
  /** The background frequencies. */
  BACKGROUND,
  /** The row is rejected. */
  REJECT
}
