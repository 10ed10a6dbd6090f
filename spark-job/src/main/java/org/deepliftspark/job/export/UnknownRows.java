package org.deepliftspark.job.export;

/** What becomes of rows with letters other than A, C, G, T in the part that is exported. */
public enum UnknownRows {
  /** They are left out. */
  DROP,
  /** Sequence and scores are zero at those letters. */
  MASK
}
