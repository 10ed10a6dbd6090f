package org.deepliftspark.engine.reference;

import java.io.Serializable;

/**
 * A way to bring the positions of a sequence into another order. Any number of threads; each has
 * its own sampler.
 */
interface PositionShuffle extends Serializable {
  /**
   * @param letters per position: 0 to {@code alphabet - 1}, or {@code alphabet} for an unknown
   *     letter
   * @param rowSeed of {@link RowSeed}
   */
  Sampler sampler(int[] letters, int alphabet, long rowSeed);

  /**
   * Whether the positions must hold letters, or may be any numbers (all of them are then passed as
   * letter 0).
   */
  boolean needsLetters();

  /** The shuffles of one row, in the order of its references. One thread. */
  interface Sampler {
    /** Writes, for each position, the position in the row that its letter comes from. */
    void next(int[] order);
  }
}
