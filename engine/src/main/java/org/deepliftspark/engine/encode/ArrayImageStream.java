package org.deepliftspark.engine.encode;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An image file in memory whose length readers can ask for: they compare sizes in the file with it
 * before they allocate. Java's own streams over memory do not tell theirs.
 */
final class ArrayImageStream extends ImageInputStreamImpl {
  private final byte[] file;

  ArrayImageStream(byte[] file) {
    this.file = file;
  }

  @Override
  public long length() {
    return file.length;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= file.length) {
      return -1;
    }
    return file[(int) streamPos++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (streamPos >= file.length) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, file.length - streamPos);
    System.arraycopy(file, (int) streamPos, into, offset, count);
    streamPos += count;
    return count;
  }
}
