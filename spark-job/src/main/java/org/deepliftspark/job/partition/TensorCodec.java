package org.deepliftspark.job.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.engine.graph.Shape;

/**
 * Numbers of an array column, flat (row-major, channels-last) or nested as the input's axes are;
 * prepared rows hold them as little-endian floats.
 */
public record TensorCodec(Shape shape) implements InputCodec {
  static final String NO_NUMBERS = "no numbers";
  static final String SHAPE = "shape";
  static final String NOT_FINITE = "input is not finite";

  @Override
  public DataType type() {
    return DataTypes.BinaryType;
  }

  @Override
  public Fitted fit(Object given) {
    if (given == null) {
      return Fitted.rejected(0, NO_NUMBERS, "no numbers");
    }
    if (given instanceof byte[] packed) {
      return checked(packed);
    }
    Nested nested = new Nested(shape.size());
    boolean fits = nested.add(given, 0, shape);
    int found = nested.count();
    if (found != shape.size() || !fits) {
      return Fitted.rejected(
          found, SHAPE, found + " numbers" + (fits ? "" : " or more") + ", model expects " + shape);
    }
    return checked(nested.bytes());
  }

  private Fitted checked(byte[] bytes) {
    int found = bytes.length / Float.BYTES;
    if (found != shape.size() || bytes.length % Float.BYTES != 0) {
      return Fitted.rejected(found, SHAPE, found + " numbers, model expects " + shape);
    }
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < found; i++) {
      if (!Float.isFinite(numbers.getFloat(i * Float.BYTES))) {
        return Fitted.rejected(found, NOT_FINITE, "number " + (i + 1) + " is not finite");
      }
    }
    return Fitted.accepted(bytes, 0, found);
  }

  @Override
  public void digest(Object given, Fitted fitted, MessageDigest digest) {
    if (fitted.value() != null) {
      digest.update((byte[]) fitted.value());
    } else {
      GivenDigest.add(given, digest);
    }
  }

  @Override
  public void encode(Object prepared, float[] into, int at) {
    ByteBuffer.wrap((byte[]) prepared)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(into, at, shape.size());
  }
}
