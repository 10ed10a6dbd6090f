package org.deepliftspark.job.scores;

/**
 * IEEE 754 numbers of 16 bits, in Java 17, which has no such conversions. Rounds to nearest, ties
 * to even; what is too large becomes infinite.
 */
public final class Half {
  /** Bytes of a number. */
  public static final int BYTES = 2;

  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7c00;
  private static final int QUIET_NAN = 0x7e00;
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  private Half() {}

  /** The number that the bits stand for, exactly. */
  public static float toFloat(short bits) {
    int exponent = (bits & INFINITY) >>> 10;
    int mantissa = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> mantissa * 0x1p-24f;
          case 31 -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat((exponent + 112) << 23 | mantissa << 13);
        };
    return (bits & SIGN) == 0 ? magnitude : -magnitude;
  }

  /** The nearest half-precision number. */
  public static short of(float number) {
    int bits = Float.floatToRawIntBits(number);
    int sign = bits >>> 16 & SIGN;
    float magnitude = Math.abs(number);
    if (Float.isNaN(number)) {
      return (short) (sign | QUIET_NAN);
    }
    if (magnitude < SMALLEST_NORMAL) {
      // Steps of 2^-24; rint rounds ties to even, and 1024 steps are the smallest normal number.
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    if (magnitude
        >= 65520f) { // halfway between the largest number and the next, which is not there
      return (short) (sign | INFINITY);
    }
    int rest = bits & 0x7fffffff;
    int rounded =
        rest + 0xfff + (rest >>> 13 & 1); // a carry moves on into the exponent, as it must
    return (short) (sign | (rounded >>> 13) - (112 << 10));
  }
}
