package org.deepliftspark.engine.importer.onnx;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Element types that the importer reads, and how raw data holds them (little-endian). */
enum ElementType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  BFLOAT16(16, 2);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The type of a TensorProto.DataType number, or null if the importer does not read it. */
  static ElementType of(long code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }

  int bytes() {
    return bytes;
  }

  boolean isFloat() {
    return this == FLOAT || this == FLOAT16 || this == DOUBLE || this == BFLOAT16;
  }

  float floatAt(ByteBuffer data, int i) {
    return switch (this) {
      case FLOAT -> data.getFloat(4 * i);
      case DOUBLE -> (float) data.getDouble(8 * i);
      case FLOAT16 -> halfToFloat(data.getShort(2 * i));
      case BFLOAT16 -> brainToFloat(data.getShort(2 * i));
      default -> throw new IllegalStateException(this + " is no floating-point type");
    };
  }

  long integerAt(ByteBuffer data, int i) {
    return switch (this) {
      case UINT8 -> data.get(i) & 0xff;
      case INT8 -> data.get(i);
      case BOOL -> data.get(i) == 0 ? 0 : 1;
      case UINT16 -> data.getShort(2 * i) & 0xffff;
      case INT16 -> data.getShort(2 * i);
      case UINT32 -> data.getInt(4 * i) & 0xffffffffL;
      case INT32 -> data.getInt(4 * i);
      case INT64, UINT64 -> data.getLong(8 * i);
      default -> throw new IllegalStateException(this + " is no integer type");
    };
  }

  /** IEEE 754 binary16; {@code Float.float16ToFloat} comes with Java 20. */
  static float halfToFloat(short half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb(1f + fraction * 0x1p-10f, exponent - 15);
        };
    return half < 0 ? -magnitude : magnitude;
  }

  /** bfloat16 is the upper half of a float. */
  static float brainToFloat(short brain) {
    return Float.intBitsToFloat(brain << 16);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
