package org.deepliftspark.job;

/** How arrays of scores are stored. */
public enum Encoding {
  /** An array of float. */
  ARRAY,
  /** Binary: little-endian 32-bit floats. */
  F32,
  /** Binary: little-endian 16-bit floats, rounded to nearest even. */
  F16
}
