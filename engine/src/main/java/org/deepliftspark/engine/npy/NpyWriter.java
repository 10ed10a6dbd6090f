package org.deepliftspark.engine.npy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.program.Numbers;

/**
 * Writes an {@code .npy} array of known shape piece by piece, row-major, little-endian. The numbers
 * go to {@code NAME.partial}; {@link #close} gives the file its name when all of them are there, so
 * that a reader finds the whole array or none. One thread.
 */
public final class NpyWriter implements Closeable {
  private static final int CHUNK_BYTES = 1 << 16;

  private final Path path;
  private final Path partial;
  private final FileChannel channel;
  private final NpyType type;
  private final long size;
  private final ByteBuffer buffer;
  private long written;
  private boolean closed;

  private NpyWriter(Path path, Path partial, FileChannel channel, NpyType type, long size) {
    this.path = path;
    this.partial = partial;
    this.channel = channel;
    this.type = type;
    this.size = size;
    this.buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @param type {@link NpyType#F4} or {@link NpyType#F8}
   * @throws InvalidInputException if the file cannot be written
   */
  public static NpyWriter create(Path path, NpyType type, int... shape) {
    if (type != NpyType.F4 && type != NpyType.F8) {
      throw new IllegalArgumentException("Unsupported type to write: " + type.code());
    }
    long size = 1;
    for (int dim : shape) {
      if (dim < 0) {
        throw new IllegalArgumentException("Invalid shape " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, dim);
    }
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    try {
      FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      NpyWriter writer = new NpyWriter(path, partial, channel, type, size);
      writer.buffer.put(NpyHeader.write(type, shape));
      return writer;
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  public void write(float[] numbers) {
    write(numbers, 0, numbers.length);
  }

  public void write(float[] numbers, int offset, int count) {
    take(count);
    for (int i = offset; i < offset + count; i++) {
      put(numbers[i]);
    }
  }

  public void write(double[] numbers) {
    take(numbers.length);
    for (double number : numbers) {
      put(number);
    }
  }

  public void write(Numbers numbers) {
    if (numbers.isDouble()) {
      write(numbers.doubles());
    } else {
      write(numbers.floats());
    }
  }

  private void take(int count) {
    if (closed || count > size - written) {
      throw new IllegalStateException(
          "Cannot write "
              + count
              + " more numbers to "
              + path
              + ": "
              + written
              + " of "
              + size
              + " are there");
    }
    written += count;
  }

  private void put(double number) {
    if (buffer.remaining() < Double.BYTES) {
      drain();
    }
    if (type == NpyType.F4) {
      buffer.putFloat((float) number);
    } else {
      buffer.putDouble(number);
    }
  }

  private void drain() {
    try {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /**
   * Gives the file its name.
   *
   * @throws IllegalStateException if numbers are missing; the partial file is deleted
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (written == size) {
        drain();
      }
      channel.close();
      if (written < size) {
        throw new IllegalStateException(
            "Cannot finish " + path + ": " + written + " of " + size + " numbers written");
      }
      Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(path, e);
    } finally {
      discard();
    }
  }

  /** Leaves nothing behind after a failure; after success the partial file is gone already. */
  private void discard() {
    try {
      channel.close();
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw unwritable(partial, e);
    }
  }

  private static InvalidInputException unwritable(Path path, IOException e) {
    return new InvalidInputException("Cannot write " + path + ": " + NpyFile.reason(e), e);
  }
}
