package org.deepliftspark.job.export;

/** What a position gets that lies in several rows. */
public enum Overlap {
  /** The contribution of the row whose middle, its summit as peaks are cut, is nearest. */
  NEAREST,
  /** The mean of the rows' contributions. */
  MEAN
}
