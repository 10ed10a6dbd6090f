package org.deepliftspark.engine.backend.cpu;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Native buffers of one thread, or of all. Addresses are objects that move, so every thread has its
 * own for buffers that it shares.
 */
final class Memory implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  /** Numbers that a direct buffer can hold. */
  private static final long MOST = Integer.MAX_VALUE / Float.BYTES;

  private final FloatPointer[] owned;
  private final FloatPointer[] pointers;
  private final FloatBuffer[] buffers;
  private final List<Scratch> scratches = new ArrayList<>();

  /**
   * @param sizes numbers per buffer; all of them start as zeros
   */
  Memory(long[] sizes) {
    this.owned = new FloatPointer[sizes.length];
    this.pointers = new FloatPointer[sizes.length];
    this.buffers = new FloatBuffer[sizes.length];
    try {
      for (int i = 0; i < sizes.length; i++) {
        if (sizes[i] > MOST) {
          throw new InvalidInputException(
              "Not enough memory for a batch: one value needs "
                  + sizes[i] * Float.BYTES / (1 << 20)
                  + " MB. Use fewer references or targets, or --backend onnx");
        }
        owned[i] = allocate(sizes[i]);
        pointers[i] = aligned(owned[i], sizes[i]);
        buffers[i] = pointers[i].asBuffer();
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Memory(Memory of) {
    this.owned = new FloatPointer[0];
    this.buffers = of.buffers;
    this.pointers = new FloatPointer[of.pointers.length];
    for (int i = 0; i < pointers.length; i++) {
      pointers[i] = of.pointers[i] == null ? null : new FloatPointer(of.pointers[i]);
    }
  }

  /** The same buffers, for another thread. */
  Memory view() {
    return new Memory(this);
  }

  /** Copies numbers to native memory, for good; the caller closes it. */
  static FloatPointer copyOf(float[] numbers) {
    FloatPointer copy = new FloatPointer(Math.max(1, numbers.length));
    return copy.put(numbers, 0, numbers.length);
  }

  static FloatPointer allocate(long size) {
    long padded = size + ALIGNMENT / Float.BYTES;
    FloatPointer memory = new FloatPointer(padded);
    Pointer.memset(memory, 0, padded * Float.BYTES);
    return memory;
  }

  static FloatPointer aligned(FloatPointer memory, long size) {
    long skipped = (-memory.address() & ALIGNMENT - 1) / Float.BYTES;
    FloatPointer start = memory.getPointer(skipped);
    return start.position(0).capacity(size);
  }

  FloatPointer pointer(int buffer) {
    return pointers[buffer];
  }

  FloatBuffer buffer(int buffer) {
    return buffers[buffer];
  }

  /** Memory for one kernel while it runs; kernels number what they use at once. */
  Scratch scratch(int number) {
    while (scratches.size() <= number) {
      scratches.add(new Scratch());
    }
    return scratches.get(number);
  }

  /** Frees one buffer before the others. */
  void free(int buffer) {
    owned[buffer].close();
    owned[buffer] = null;
    pointers[buffer] = null;
    buffers[buffer] = null;
  }

  @Override
  public void close() {
    for (FloatPointer pointer : owned) {
      if (pointer != null) {
        pointer.close();
      }
    }
    scratches.forEach(Scratch::close);
  }
}
