package org.deepliftspark.job.export;

/**
 * In which order rows are exported. Ties go by id, so that every run gives the same order. Names no
 * class of Spark: the table of options is read where there is none.
 */
public enum RowOrder {
  /** By id, in the order of its UTF-8 bytes. */
  ID,
  /** By chromosome, start and end. */
  PLACE,
  /** The largest prediction first. */
  PREDICTION
}
