package org.deepliftspark.job.partition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.spark.sql.Row;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Adds values that do not fit the model to the digest of a row, as Spark gives them: rows that are
 * rejected for what they hold must not be taken for copies of one another.
 */
final class GivenDigest {
  private static final byte OPEN = '[';
  private static final byte CLOSE = ']';
  private static final byte NEXT = ',';

  private GivenDigest() {}

  /** Adds a value: bytes, a number, an array or a row of such. */
  static void add(Object value, MessageDigest digest) {
    if (value instanceof byte[] bytes) {
      digest.update(bytes);
    } else if (value instanceof Seq<?> values) {
      digest.update(OPEN);
      for (Iterator<?> all = values.iterator(); all.hasNext(); ) {
        add(all.next(), digest);
      }
      digest.update(CLOSE);
    } else if (value instanceof Row row) {
      digest.update(OPEN);
      for (int i = 0; i < row.size(); i++) {
        add(row.get(i), digest);
      }
      digest.update(CLOSE);
    } else {
      digest.update(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }
    digest.update(NEXT);
  }
}
