package org.deepliftspark.engine.program;

/**
 * The axes over which a value may vary besides its own shape, outermost first in every array that
 * holds several of them.
 */
public enum Axis {
  /** What is explained: one entry per target. */
  TARGET,
  /** Integration steps, noise draws, occlusion windows. */
  SAMPLE,
  /** The rows of a batch. */
  ROW,
  /** The references of a row, or of the whole job. */
  REFERENCE
}
