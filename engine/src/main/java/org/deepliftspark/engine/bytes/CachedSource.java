package org.deepliftspark.engine.bytes;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A source of which the blocks used last stay in memory, for readers that ask for many small pieces
 * near each other. Where a block is missing, those behind it that the piece needs are read with it;
 * who asks for places in ascending order is read ahead for, twice as far each time. Safe for many
 * threads, which wait for each other.
 */
public final class CachedSource implements ByteSource {
  /** Blocks begin at the multiples of this. */
  static final int BLOCK_BYTES = 1 << 16;

  /** Blocks in memory, 1 MiB in all. */
  static final int MOST_BLOCKS = 16;

  /** Blocks that one read of the source takes; the other half are those that were used before. */
  static final int MOST_AT_ONCE = MOST_BLOCKS / 2;

  private final ByteSource source;
  private final Map<Long, byte[]> blocks = new LinkedHashMap<>(MOST_BLOCKS, 0.75f, true);
  private long expected;
  private int ahead = 1;

  /**
   * @param source closed with this
   */
  public CachedSource(ByteSource source) {
    this.source = source;
  }

  @Override
  public long size() throws IOException {
    return source.size();
  }

  @Override
  public synchronized void read(long position, ByteBuffer into) throws IOException {
    int count = into.remaining();
    if (position < 0 || position > source.size() - count) {
      throw new EOFException("ended at byte " + source.size());
    }
    long last = (position + count - 1) / BLOCK_BYTES;
    long at = position;
    while (into.hasRemaining()) {
      long number = at / BLOCK_BYTES;
      byte[] block = blocks.get(number);
      if (block == null) {
        load(number, last - number + 1);
        block = blocks.get(number);
      }
      int from = (int) (at % BLOCK_BYTES);
      int part = Math.min(into.remaining(), block.length - from);
      into.put(block, from, part);
      at += part;
    }
  }

  private void load(long first, long wanted) throws IOException {
    boolean ascending = first >= expected && first - expected < ahead;
    ahead = ascending ? Math.min(2 * ahead, MOST_AT_ONCE) : 1;
    int count = (int) Math.min(MOST_AT_ONCE, Math.max(wanted, ahead));
    long start = first * BLOCK_BYTES;
    byte[] bytes = new byte[(int) Math.min((long) count * BLOCK_BYTES, source.size() - start)];
    source.read(start, ByteBuffer.wrap(bytes));
    for (int from = 0; from < bytes.length; from += BLOCK_BYTES) {
      byte[] block = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + BLOCK_BYTES));
      keep(first + from / BLOCK_BYTES, block);
    }
    expected = first + count;
  }

  private void keep(long number, byte[] block) {
    if (blocks.size() == MOST_BLOCKS && !blocks.containsKey(number)) {
      blocks.remove(blocks.keySet().iterator().next());
    }
    blocks.put(number, block);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
