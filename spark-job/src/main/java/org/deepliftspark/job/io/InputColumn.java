package org.deepliftspark.job.io;

import org.apache.spark.sql.types.DataType;

/**
 * A column of a source whose values feed an input of the model.
 *
 * @param input name of the model's input
 * @param kind what the values are
 * @param type of the column
 */
public record InputColumn(String input, Kind kind, DataType type) {

  /** What the values of a column are. */
  public enum Kind {
    /** Text over the DNA alphabet. */
    SEQUENCE,
    /** Array of numbers, flat or nested. */
    TENSOR,
    /** Bytes of an image file, or a row of Spark's image source. */
    IMAGE
  }
}
