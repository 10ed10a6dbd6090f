package org.deepliftspark.engine.npy;

import java.nio.ByteBuffer;

/** The element types of {@code .npy} files that are numbers. The byte order is the buffer's. */
public enum NpyType {
  BOOL("b1"),
  I1("i1"),
  U1("u1"),
  I2("i2"),
  U2("u2"),
  I4("i4"),
  U4("u4"),
  I8("i8"),
  U8("u8"),
  F2("f2"),
  F4("f4"),
  F8("f8");

  private final String code;
  private final int bytes;

  NpyType(String code) {
    this.code = code;
    this.bytes = code.charAt(1) - '0';
  }

  /** NumPy's code without the byte order: {@code f4}. */
  public String code() {
    return code;
  }

  /** Size of an element. */
  public int bytes() {
    return bytes;
  }

  /** The type of a code such as {@code f4}; null if there is none. */
  static NpyType of(String code) {
    for (NpyType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    return null;
  }

  /** The number at a byte position; 64-bit integers beyond 2^53 are rounded. */
  double number(ByteBuffer buffer, int at) {
    return switch (this) {
      case BOOL -> buffer.get(at) == 0 ? 0 : 1;
      case I1 -> buffer.get(at);
      case U1 -> buffer.get(at) & 0xFF;
      case I2 -> buffer.getShort(at);
      case U2 -> buffer.getShort(at) & 0xFFFF;
      case I4 -> buffer.getInt(at);
      case U4 -> buffer.getInt(at) & 0xFFFFFFFFL;
      case I8 -> buffer.getLong(at);
      case U8 -> unsigned(buffer.getLong(at));
      case F2 -> half(buffer.getShort(at));
      case F4 -> buffer.getFloat(at);
      case F8 -> buffer.getDouble(at);
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /** IEEE 754 binary16; {@code Float.float16ToFloat} is there only from JDK 20 on. */
  private static float half(short bits) {
    int exponent = (bits >> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    float magnitude;
    if (exponent == 0x1F) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else {
      magnitude = Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
