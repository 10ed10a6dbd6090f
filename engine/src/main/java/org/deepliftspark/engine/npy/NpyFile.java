package org.deepliftspark.engine.npy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;

/**
 * An open {@code .npy} array, read in slabs of its first axis: only the slab asked for is held in
 * memory. Always row-major: Fortran order is transposed while reading. Several threads may read at
 * once.
 */
public final class NpyFile implements Closeable {
  private static final int CHUNK_BYTES = 1 << 16;

  private final ByteSource source;
  private final String name;
  private final NpyHeader header;

  private NpyFile(ByteSource source, String name, NpyHeader header) {
    this.source = source;
    this.name = name;
    this.header = header;
  }

  /**
   * @throws InvalidInputException if there is no such file or it is not an array of numbers, whole
   *     and of the length its header says
   */
  public static NpyFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new InvalidInputException(
          "Cannot read " + path + ": it is a directory, expected an .npy file");
    }
    try {
      return open(ByteSource.of(path), path.toString());
    } catch (NoSuchFileException e) {
      throw new InvalidInputException("Cannot read " + path + ": no such file", e);
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /** Opens bytes from anywhere; the source is closed with this, and also if it cannot be opened. */
  public static NpyFile open(ByteSource source, String name) {
    try {
      return new NpyFile(source, name, NpyHeader.read(source, name));
    } catch (IOException | RuntimeException e) {
      try {
        source.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e instanceof RuntimeException known ? known : unreadable(name, (IOException) e);
    }
  }

  /** Where it came from, for messages. */
  public String name() {
    return name;
  }

  public NpyType type() {
    return header.type();
  }

  /** Dimensions, first axis first; empty for a single number. */
  public int[] shape() {
    return header.shape().clone();
  }

  /** Length of the first axis; 1 for a single number. */
  public int rows() {
    return header.shape().length == 0 ? 1 : header.shape()[0];
  }

  /** Dimensions of one row: all but the first. */
  public int[] rowShape() {
    int[] shape = header.shape();
    return shape.length == 0 ? shape : Arrays.copyOfRange(shape, 1, shape.length);
  }

  /** Elements of one row; may pass what one Java array holds only if the file is that big. */
  public long rowSize() {
    long size = 1;
    for (int dim : rowShape()) {
      size *= dim;
    }
    return size;
  }

  /** Rows {@code from} to {@code from + count}, as {@code [count, row shape...]}. */
  public float[] rows(int from, int count) {
    float[] out = new float[elements(from, count, Float.BYTES)];
    if (header.type() == NpyType.F4 && !header.fortranOrder()) {
      inOrder(
          from, out.length, (buffer, at, number) -> buffer.asFloatBuffer().get(out, at, number));
    } else {
      fill(from, count, out.length, (index, value) -> out[index] = (float) value);
    }
    return out;
  }

  /** As {@link #rows}, in double. */
  public double[] doubleRows(int from, int count) {
    double[] out = new double[elements(from, count, Double.BYTES)];
    if (header.type() == NpyType.F8 && !header.fortranOrder()) {
      inOrder(
          from, out.length, (buffer, at, number) -> buffer.asDoubleBuffer().get(out, at, number));
    } else {
      fill(from, count, out.length, (index, value) -> out[index] = value);
    }
    return out;
  }

  private int elements(int from, int count, int elementBytes) {
    if (from < 0 || count < 0 || from > rows() - count) {
      throw new IllegalArgumentException("Invalid rows " + from + " + " + count + " of " + rows());
    }
    long elements = count * rowSize();
    long bytes = elements * elementBytes;
    if (elements > Integer.MAX_VALUE - 8 || bytes > Runtime.getRuntime().maxMemory()) {
      throw new InvalidInputException(
          "Cannot read %s: %d rows of shape %s (%d MB) do not fit into this JVM; give it more memory or use fewer rows at a time"
              .formatted(name, count, Arrays.toString(rowShape()), bytes >> 20));
    }
    return (int) elements;
  }

  private void fill(int from, int count, int elements, Target target) {
    if (header.fortranOrder() && header.shape().length > 1 && elements > 0) {
      transposed(from, count, elements / count, target);
      return;
    }
    NpyType type = header.type();
    inOrder(
        from,
        elements,
        (buffer, at, number) -> {
          for (int i = 0; i < number; i++) {
            target.put(at + i, type.number(buffer, i * type.bytes()));
          }
        });
  }

  private void inOrder(int from, int elements, Chunk chunk) {
    int bytes = header.type().bytes();
    ByteBuffer buffer =
        ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, (long) elements * bytes))
            .order(header.order());
    long position = header.dataOffset() + from * rowSize() * bytes;
    for (int at = 0; at < elements; ) {
      int number = Math.min(buffer.capacity() / bytes, elements - at);
      read(position + (long) at * bytes, buffer.clear().limit(number * bytes));
      chunk.put(buffer.flip(), at, number);
      at += number;
    }
  }

  /**
   * Fortran order: for each index of the other axes, first of them fastest, {@code count} numbers
   * of the first axis lie together.
   */
  private void transposed(int from, int count, int rowSize, Target target) {
    int[] shape = header.shape();
    int[] strides = new int[shape.length];
    for (int axis = shape.length - 1, stride = 1; axis > 0; stride *= shape[axis--]) {
      strides[axis] = stride;
    }
    int[] index = new int[shape.length];
    Window window =
        new Window((long) shape[0] * header.type().bytes(), (long) count * header.type().bytes());
    int to = 0;
    for (int run = 0; run < rowSize; run++) {
      long position = header.dataOffset() + ((long) run * shape[0] + from) * header.type().bytes();
      for (int row = 0; row < count; row++) {
        target.put(
            row * rowSize + to, window.number(position + (long) row * header.type().bytes()));
      }
      for (int axis = 1; axis < shape.length; axis++) {
        to += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        to -= shape[axis] * strides[axis];
        index[axis] = 0;
      }
    }
  }

  private void read(long position, ByteBuffer into) {
    try {
      source.read(position, into);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static InvalidInputException unreadable(String name, IOException e) {
    return new InvalidInputException("Cannot read " + name + ": " + reason(e), e);
  }

  static String reason(IOException e) {
    return e.getClass().getSimpleName()
        + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** Takes one number; the index is row-major within the slab. */
  private interface Target {
    void put(int index, double value);
  }

  /** Takes {@code number} elements that lie at the buffer's start. */
  private interface Chunk {
    void put(ByteBuffer buffer, int at, int number);
  }

  /** A stretch of the file in memory, moved when a number outside is asked for. */
  private final class Window {
    private final ByteBuffer buffer;
    private final long end;
    private long start;

    /**
     * Reads ahead over several runs where they lie close together, otherwise only one run at a
     * time.
     */
    Window(long strideBytes, long runBytes) {
      this.end = header.dataOffset() + header.size() * header.type().bytes();
      long wanted = strideBytes < CHUNK_BYTES ? CHUNK_BYTES : Math.min(CHUNK_BYTES, runBytes);
      this.buffer =
          ByteBuffer.allocate((int) Math.min(wanted, end - header.dataOffset()))
              .order(header.order());
      this.buffer.limit(0);
    }

    double number(long position) {
      if (position < start || position + header.type().bytes() > start + buffer.limit()) {
        start = position;
        read(position, buffer.clear().limit((int) Math.min(buffer.capacity(), end - position)));
        buffer.flip();
      }
      return header.type().number(buffer, (int) (position - start));
    }
  }
}
