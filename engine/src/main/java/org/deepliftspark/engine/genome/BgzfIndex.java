package org.deepliftspark.engine.genome;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Where the blocks of a file compressed by bgzip begin: what {@code bgzip -i} and {@code samtools
 * faidx} write as {@code .gzi}.
 *
 * @param compressed offsets of blocks in the file; the first is 0
 * @param uncompressed offsets of their first bytes in the text
 */
public record BgzfIndex(long[] compressed, long[] uncompressed) implements Serializable {

  /**
   * Reads a {@code .gzi} file: a count, then pairs of offsets, 64 bits each, little-endian.
   *
   * @throws InvalidInputException if its length is not what its count says, or offsets do not grow
   */
  public static BgzfIndex read(byte[] bytes, String name) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long count = bytes.length < 8 ? -1 : buffer.getLong();
    if (count < 0 || count != (bytes.length - 8) / 16 || bytes.length % 16 != 8) {
      throw broken(name);
    }
    long[] compressed = new long[(int) count + 1];
    long[] uncompressed = new long[(int) count + 1];
    for (int i = 1; i <= count; i++) {
      compressed[i] = buffer.getLong();
      uncompressed[i] = buffer.getLong();
      if (compressed[i] <= compressed[i - 1] || uncompressed[i] < uncompressed[i - 1]) {
        throw broken(name);
      }
    }
    return new BgzfIndex(compressed, uncompressed);
  }

  private static InvalidInputException broken(String name) {
    return new InvalidInputException(
        "Cannot read " + name + ": not a .gzi index, or cut; make it anew with bgzip -r");
  }

  /** The block that holds a byte of the text. */
  int block(long position) {
    int found = Arrays.binarySearch(uncompressed, position);
    return found >= 0 ? found : -found - 2;
  }

  int blocks() {
    return compressed.length;
  }
}
