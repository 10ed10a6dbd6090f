package org.deepliftspark.job.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.deepliftspark.engine.graph.Shape;
import scala.collection.Iterator;
import scala.collection.Seq;

/** Gathers the numbers of an array column, which may be arrays of arrays. One thread, one use. */
final class Nested {
  private final ByteBuffer bytes;
  private int count;

  /**
   * @param size numbers expected; more are not taken
   */
  Nested(int size) {
    this.bytes = ByteBuffer.allocate(Math.multiplyExact(size, Float.BYTES));
    this.bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  int count() {
    return count;
  }

  byte[] bytes() {
    return bytes.array();
  }

  /**
   * Adds a value: a number, or a sequence of values as Spark gives arrays. Null counts as not a
   * number.
   *
   * @param depth how deep it lies
   * @return false if it has another form than the shape: neither flat nor nested like it
   */
  boolean add(Object value, int depth, Shape shape) {
    if (!(value instanceof Seq<?> values)) {
      if (value != null && depth != 1 && depth != shape.rank()) {
        return false;
      }
      if (!bytes.hasRemaining()) {
        return false;
      }
      bytes.putFloat(value instanceof Number number ? number.floatValue() : Float.NaN);
      count++;
      return true;
    }
    Iterator<?> all = values.iterator();
    int elements = 0;
    boolean nested = false;
    while (all.hasNext()) {
      Object element = all.next();
      nested = element instanceof Seq;
      elements++;
      if (!add(element, depth + 1, shape)) {
        return false;
      }
    }
    boolean likeShape = depth < shape.rank() && elements == shape.dim(depth);
    return nested || depth > 0 ? likeShape : true;
  }
}
