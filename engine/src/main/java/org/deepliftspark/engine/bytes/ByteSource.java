package org.deepliftspark.engine.bytes;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes with random access: a local file, bytes in memory, or another file system's stream. */
public interface ByteSource extends Closeable {
  /** Length in bytes. */
  long size() throws IOException;

  /**
   * Fills the buffer up to its limit from a position on; several threads may read at once.
   *
   * @throws EOFException if the source ends before the buffer is full
   */
  void read(long position, ByteBuffer into) throws IOException;

  static ByteSource of(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    return new ByteSource() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
          int count = channel.read(into, at);
          if (count < 0) {
            throw new EOFException("ended at byte " + at);
          }
          at += count;
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        if (position > bytes.length - into.remaining()) {
          throw new EOFException("ended at byte " + bytes.length);
        }
        into.put(bytes, (int) position, into.remaining());
      }

      @Override
      public void close() {}
    };
  }
}
