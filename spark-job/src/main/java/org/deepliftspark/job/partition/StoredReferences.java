package org.deepliftspark.job.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.encode.EncodedSequence;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.graph.Shape;

/**
 * Reads references that prepared rows hold in a column: an array with a sequence for each, or with
 * their numbers, flat or nested as the input's axes are.
 */
final class StoredReferences {

  private StoredReferences() {}

  /** Why a row's references cannot be used; null if they can. */
  static String problem(List<?> references, int count, Shape shape, OneHotEncoder letters) {
    if (references == null) {
      return "no references in the table";
    }
    if (references.size() != count) {
      return references.size() + " references, the first row of the table has " + count;
    }
    float[] out = new float[shape.size()];
    for (Object reference : references) {
      String problem = put(reference, shape, letters, out, 0);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  /** The references of a batch, {@code [rows, count, shape...]}. */
  static float[] of(List<Row> rows, String column, int count, Shape shape, OneHotEncoder letters) {
    float[] out =
        new float[Math.multiplyExact(rows.size(), Math.multiplyExact(count, shape.size()))];
    int at = 0;
    for (Row row : rows) {
      for (Object reference : row.getList(row.fieldIndex(column))) {
        String problem = put(reference, shape, letters, out, at);
        if (problem != null) {
          throw new IllegalStateException("References were checked but do not fit: " + problem);
        }
        at += shape.size();
      }
    }
    return out;
  }

  private static String put(
      Object reference, Shape shape, OneHotEncoder letters, float[] out, int at) {
    if (letters != null) {
      EncodedSequence encoded = letters.encode((String) reference);
      if (!encoded.accepted()) {
        return "a reference has " + encoded.rejection().reason();
      }
      System.arraycopy(encoded.numbers(), 0, out, at, shape.size());
      return null;
    }
    Nested nested = new Nested(shape.size());
    if (!nested.add(reference, 0, shape) || nested.count() != shape.size()) {
      return "a reference has other than " + shape.size() + " numbers, the model expects " + shape;
    }
    ByteBuffer.wrap(nested.bytes())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(out, at, shape.size());
    for (int i = at; i < at + shape.size(); i++) {
      if (!Float.isFinite(out[i])) {
        return "a reference has numbers that are not finite";
      }
    }
    return null;
  }
}
