package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.job.Encoding;

/** Stores arrays of scores as {@link Encoding} says. */
record ScoreEncoder(Encoding encoding) implements Serializable {
  /** The largest number that 16 bits hold. */
  static final float MOST_F16 = 65504;

  /** From here on numbers round to infinity. */
  private static final float TOO_LARGE_F16 = 65520;

  DataType type() {
    return encoding == Encoding.ARRAY
        ? DataTypes.createArrayType(DataTypes.FloatType, false)
        : DataTypes.BinaryType;
  }

  /** Whether every number can be stored. */
  boolean holds(float[] numbers) {
    float most = encoding == Encoding.F16 ? TOO_LARGE_F16 : Float.POSITIVE_INFINITY;
    for (float number : numbers) {
      if (!(Math.abs(number) < most)) {
        return false;
      }
    }
    return true;
  }

  /** The numbers as they are stored; null if one cannot be. */
  Object store(float[] numbers) {
    if (!holds(numbers)) {
      return null;
    }
    return switch (encoding) {
      case ARRAY -> numbers;
      case F32 -> {
        ByteBuffer bytes = buffer(numbers.length * Float.BYTES);
        bytes.asFloatBuffer().put(numbers);
        yield bytes.array();
      }
      case F16 -> {
        ByteBuffer bytes = buffer(numbers.length * Short.BYTES);
        for (float number : numbers) {
          bytes.putShort(half(number));
        }
        yield bytes.array();
      }
    };
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** IEEE 754 binary16, to nearest even; {@code Float.floatToFloat16} is there from JDK 20 on. */
  static short half(float number) {
    int bits = Float.floatToRawIntBits(number);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(number);
    if (!(magnitude < TOO_LARGE_F16)) {
      return (short) (sign | (Float.isNaN(number) ? 0x7E00 : 0x7C00));
    }
    // Below 2^-14 numbers are multiples of 2^-24: rint rounds to even.
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
    }
    int rounded = (bits & 0x7FFFFFFF) + 0xFFF + (bits >>> 13 & 1);
    return (short) (sign | (rounded - (112 << 23)) >>> 13);
  }
}
