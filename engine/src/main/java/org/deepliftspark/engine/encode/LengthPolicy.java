package org.deepliftspark.engine.encode;

/** What becomes of a sequence whose length is not the model's. */
public enum LengthPolicy {
  /** The row is rejected. */
  REJECT,

  /**
   * Cropped, or padded with N, alike at both ends so that the center stays in the center. Where the
   * difference is odd, the right end loses, or gets, the odd base.
   */
  CENTER,

  /** Padded with N at the right end; a longer sequence is rejected. */
  PAD
}
