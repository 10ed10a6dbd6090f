package org.deepliftspark.job.export;

import java.nio.ByteBuffer;
import org.deepliftspark.job.scores.Half;

/** Little-endian numbers of arrays in files. */
enum NumberType {
  INT8("|i1", 1) {
    @Override
    void put(ByteBuffer into, float number) {
      into.put((byte) number);
    }
  },
  FLOAT16("<f2", 2) {
    @Override
    void put(ByteBuffer into, float number) {
      into.putShort(Half.of(number));
    }
  },
  FLOAT32("<f4", 4) {
    @Override
    void put(ByteBuffer into, float number) {
      into.putFloat(number);
    }
  };

  private final String code;
  private final int bytes;

  NumberType(String code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** What numpy calls it. */
  String code() {
    return code;
  }

  int bytes() {
    return bytes;
  }

  abstract void put(ByteBuffer into, float number);
}
