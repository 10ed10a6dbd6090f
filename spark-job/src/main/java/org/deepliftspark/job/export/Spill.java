package org.deepliftspark.job.export;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that wait in a temporary file on the driver's disk until they can be put in their place.
 * Only this user may read it; where the system allows it has no name, so that it goes with the
 * process, however that ends.
 */
final class Spill implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final FileChannel file;
  private final OutputStream out;
  private long bytes;

  Spill() {
    try {
      Path path = Files.createTempFile("deeplift-export", ".spill");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
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
    out.flush();
    file.position(0);
    Channels.newInputStream(file).transferTo(to);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
