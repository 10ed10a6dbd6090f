package org.deepliftspark.engine.genome;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.deepliftspark.engine.bytes.ByteSource;

/**
 * The text of a file compressed by bgzip, with random access: blocks of at most 64 KiB (SAM
 * specification, section 4.1), the last one read is kept. One thread at a time.
 */
public final class BgzfSource implements ByteSource {
  private static final int HEADER_BYTES = 12;
  private static final int TRAILER_BYTES = 8;
  private static final int MOST_TEXT = 1 << 16;

  private final ByteSource file;
  private final BgzfIndex index;
  private final byte[] text = new byte[MOST_TEXT];
  private int textLength;
  private long textFrom;
  private int block = -1;
  private long size = -1;

  /**
   * @param file closed with this
   */
  public BgzfSource(ByteSource file, BgzfIndex index) {
    this.file = file;
    this.index = index;
  }

  /** Whether a file that begins so was written by bgzip; plain gzip has no block sizes. */
  public static boolean isBgzf(byte[] head) {
    return head.length > HEADER_BYTES + 5
        && isGzip(head)
        && (head[3] & 4) != 0
        && blockSize(head, HEADER_BYTES, (head[10] & 0xFF) | (head[11] & 0xFF) << 8) > 0;
  }

  /** Whether a file begins as gzip does. */
  public static boolean isGzip(byte[] head) {
    return head.length > 3 && head[0] == 0x1F && head[1] == (byte) 0x8B && head[2] == 8;
  }

  /** The size that the subfield BC of a block's extra field says, less 1; -1 if there is none. */
  private static int blockSize(byte[] bytes, int from, int length) {
    int at = from;
    int end = Math.min(bytes.length, from + length);
    while (at + 4 <= end) {
      int size = (bytes[at + 2] & 0xFF) | (bytes[at + 3] & 0xFF) << 8;
      if (bytes[at] == 'B' && bytes[at + 1] == 'C' && size == 2 && at + 6 <= end) {
        return (bytes[at + 4] & 0xFF) | (bytes[at + 5] & 0xFF) << 8;
      }
      at += 4 + size;
    }
    return -1;
  }

  @Override
  public long size() throws IOException {
    if (size < 0) {
      load(index.blocks() - 1);
      size = textFrom + textLength;
    }
    return size;
  }

  @Override
  public void read(long position, ByteBuffer into) throws IOException {
    long at = position;
    int wanted = index.block(at);
    while (into.hasRemaining()) {
      if (wanted >= index.blocks()) {
        throw new EOFException("ended at byte " + at);
      }
      load(wanted++);
      long from = at - textFrom;
      if (from < 0 || from > textLength) {
        throw new IOException("block " + (wanted - 1) + " is not where the .gzi index says");
      }
      int count = Math.min(into.remaining(), textLength - (int) from);
      into.put(text, (int) from, count);
      at += count;
    }
  }

  private void load(int wanted) throws IOException {
    if (wanted == block) {
      return;
    }
    block = -1;
    long start = index.compressed()[wanted];
    byte[] head = bytes(start, HEADER_BYTES);
    int extra = (head[10] & 0xFF) | (head[11] & 0xFF) << 8;
    int size = isGzip(head) ? blockSize(bytes(start + HEADER_BYTES, extra), 0, extra) + 1 : 0;
    int data = size - HEADER_BYTES - extra - TRAILER_BYTES;
    if (size == 0 || data < 0) {
      throw new IOException("no block of bgzip at byte " + start);
    }
    byte[] rest = bytes(start + HEADER_BYTES + extra, data + TRAILER_BYTES);
    textLength = inflate(rest, data, start);
    textFrom = index.uncompressed()[wanted];
    block = wanted;
  }

  private int inflate(byte[] bytes, int data, long start) throws IOException {
    ByteBuffer trailer = ByteBuffer.wrap(bytes, data, TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int checksum = trailer.getInt();
    int expected = trailer.getInt();
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, 0, data);
      int length = 0;
      while (length < text.length && !inflater.finished()) {
        int count = inflater.inflate(text, length, text.length - length);
        if (count == 0 && !inflater.finished()) {
          break; // needs input that is not there
        }
        length += count;
      }
      CRC32 crc = new CRC32();
      crc.update(text, 0, length);
      if (length != expected || (int) crc.getValue() != checksum) {
        throw new IOException("damaged block at byte " + start);
      }
      return length;
    } catch (DataFormatException e) {
      throw new IOException("damaged block at byte " + start, e);
    } finally {
      inflater.end();
    }
  }

  private byte[] bytes(long position, int count) throws IOException {
    if (position < 0 || position > file.size() - count) {
      throw new EOFException("the file ends within a block, at byte " + file.size());
    }
    byte[] bytes = new byte[count];
    file.read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
