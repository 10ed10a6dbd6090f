package org.deepliftspark.job.export;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bytes that wait in a temporary file on the driver's disk until they can be put in their place.
 */
final class Spill implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final OutputStream out;
  private long bytes;

  Spill() {
    try {
      file = Files.createTempFile("deeplift-export", ".spill");
      out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to the temporary folder", e);
    }
  }

  void write(byte[] data) throws IOException {
    write(data, data.length);
  }

  void write(byte[] data, int count) throws IOException {
    out.write(data, 0, count);
    bytes += count;
  }

  long bytes() {
    return bytes;
  }

  /** Gives back what was written; nothing may be written after it. */
  void copyTo(OutputStream to) throws IOException {
    out.close();
    Files.copy(file, to);
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(file);
  }
}
