package org.deepliftspark.engine.backend.cpu;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Native memory of a thread for one kernel while it runs; grows to the largest size asked for. */
final class Scratch implements AutoCloseable {
  private FloatPointer owned;
  private FloatPointer start;
  private FloatPointer moved;
  private FloatBuffer buffer;
  private long size;

  /** Makes room for {@code numbers}; what was there before is lost. */
  void reserve(int numbers) {
    if (numbers > size) {
      close();
      owned = Memory.allocate(numbers);
      start = Memory.aligned(owned, numbers);
      moved = new FloatPointer(start);
      buffer = start.asBuffer();
      size = numbers;
    }
  }

  /** Address of the first number. */
  FloatPointer start() {
    return start;
  }

  /** Address of another number; valid until the next call. */
  FloatPointer at(int number) {
    return moved.position(number);
  }

  FloatBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    if (owned != null) {
      owned.close();
      owned = null;
      size = 0;
    }
  }
}
