package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.security.MessageDigest;
import org.apache.spark.sql.types.DataType;

/**
 * Takes the values of one column to the numbers of an input of the model: checked and made compact
 * when rows are prepared, turned into numbers when they are scored.
 */
interface InputCodec extends Serializable {

  /**
   * What became of a value in preparation.
   *
   * @param value as prepared rows hold it; null if rejected
   * @param offset where the first scored base lies in the sequence as given
   * @param length of the value as given: bases, numbers or bytes
   * @param reason why it is rejected, in a few words; null if it is not
   * @param detail the reason with its particulars
   */
  record Fitted(Object value, int offset, int length, String reason, String detail) {
    static Fitted accepted(Object value, int offset, int length) {
      return new Fitted(value, offset, length, null, null);
    }

    static Fitted rejected(int length, String reason, String detail) {
      return new Fitted(null, 0, length, reason, detail);
    }
  }

  /** Type of the column in prepared rows. */
  DataType type();

  /** Checks a value; null where the row has none. */
  Fitted fit(Object given);

  /** Adds a value, as given or as fitted, to the digest that names rows without an id. */
  void digest(Object given, Fitted fitted, MessageDigest digest);

  /** Writes the numbers of a prepared value. */
  void encode(Object prepared, float[] into, int at);
}
