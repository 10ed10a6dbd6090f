package org.deepliftspark.engine.genome;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;

/**
 * A genome in UCSC's 2bit format, either byte order, versions 0 and 1 (64-bit offsets). Repeat
 * masks are not read: lower case counts as upper case anyway. One thread at a time.
 */
public final class TwoBitGenome implements Genome {
  private static final int SIGNATURE = 0x1A412743;
  private static final long MOST_STRETCHES = 1 << 26;
  private static final char[] LETTERS = {'T', 'C', 'A', 'G'};

  private final ByteSource source;
  private final String name;
  private final Map<String, Long> offsets = new HashMap<>();
  private final Map<String, Sequence> opened = new HashMap<>();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private boolean wide;
  private long stretches;

  /** Stretches of N, sorted by start, and where the packed bases lie. */
  private record Sequence(long bases, int[] starts, int[] sizes, long packed) {}

  private TwoBitGenome(ByteSource source, String name) {
    this.source = source;
    this.name = name;
  }

  /** Whether a file that begins so is 2bit. */
  public static boolean isTwoBit(byte[] head) {
    if (head.length < 4) {
      return false;
    }
    int signature = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return signature == SIGNATURE || Integer.reverseBytes(signature) == SIGNATURE;
  }

  /**
   * @param source closed with the genome, and also if it cannot be opened
   * @throws InvalidInputException if it is not 2bit, or cut
   */
  public static TwoBitGenome open(ByteSource source, String name) {
    TwoBitGenome genome = new TwoBitGenome(source, name);
    try {
      genome.readIndex();
      return genome;
    } catch (IOException | RuntimeException e) {
      try {
        source.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e instanceof RuntimeException known ? known : genome.broken(e.getMessage(), e);
    }
  }

  private void readIndex() throws IOException {
    ByteBuffer head = bytes(0, 16);
    if (head.getInt(0) != SIGNATURE) {
      order = ByteOrder.BIG_ENDIAN;
      head.order(order);
    }
    int version = head.getInt(4);
    long count = head.getInt(8) & 0xFFFFFFFFL;
    if (head.getInt(0) != SIGNATURE || version < 0 || version > 1) {
      throw broken("not a 2bit file of version 0 or 1", null);
    }
    wide = version == 1;
    int offsetBytes = wide ? 8 : 4;
    if (count > (source.size() - 16) / (1 + offsetBytes)) {
      throw broken("it says " + count + " sequences, more than it can hold", null);
    }
    long at = 16;
    for (long i = 0; i < count; i++) {
      int length = bytes(at, 1).get() & 0xFF;
      ByteBuffer entry = bytes(at + 1, length + offsetBytes);
      byte[] letters = new byte[length];
      entry.get(letters);
      long offset = wide ? entry.getLong() : entry.getInt() & 0xFFFFFFFFL;
      offsets.put(new String(letters, StandardCharsets.UTF_8), offset);
      at += 1 + length + offsetBytes;
    }
  }

  /** Stretches of N in memory. */
  long keptStretches() {
    return stretches;
  }

  @Override
  public long length(String chrom) {
    return offsets.containsKey(chrom) ? sequence(chrom).bases : -1;
  }

  private Sequence sequence(String chrom) {
    Sequence known = opened.get(chrom);
    return known != null ? known : opened(chrom);
  }

  /**
   * Many names may stand for one place in a damaged file; what is kept is no more than it holds.
   */
  private Sequence opened(String chrom) {
    Sequence sequence = readSequence(chrom);
    stretches += sequence.starts.length;
    try {
      if (stretches > source.size() / 8) {
        opened.clear();
        stretches = sequence.starts.length;
      }
    } catch (IOException e) {
      throw broken(e.getMessage(), e);
    }
    opened.put(chrom, sequence);
    return sequence;
  }

  private Sequence readSequence(String chrom) {
    try {
      long at = offsets.get(chrom);
      long bases = unsigned(at);
      long blocks = unsigned(at + 4);
      at += 8;
      if (blocks > Math.min(MOST_STRETCHES, (source.size() - at) / 8)) {
        throw broken(chrom + " says " + blocks + " stretches of N, more than it can hold", null);
      }
      int[] starts = ints(at, (int) blocks);
      int[] sizes = ints(at + 4 * blocks, (int) blocks);
      at += 8 * blocks;
      long masks = unsigned(at);
      at += 4 + 8 * masks + 4;
      if (at < 0 || (bases + 3) / 4 > source.size() - at) {
        throw broken(chrom + " says " + bases + " bases, more than it can hold", null);
      }
      return new Sequence(bases, starts, sizes, at);
    } catch (IOException e) {
      throw broken(e.getMessage(), e);
    }
  }

  private long unsigned(long at) throws IOException {
    return bytes(at, 4).getInt() & 0xFFFFFFFFL;
  }

  private int[] ints(long at, int count) throws IOException {
    int[] numbers = new int[count];
    bytes(at, Math.multiplyExact(count, 4)).asIntBuffer().get(numbers);
    return numbers;
  }

  @Override
  public String bases(String chrom, long start, long end) {
    if (end - start > MOST_BASES) {
      throw new IndexOutOfBoundsException("more than " + MOST_BASES + " bases");
    }
    Sequence sequence = offsets.containsKey(chrom) ? sequence(chrom) : null;
    Objects.checkFromToIndex(start, end, sequence == null ? 0 : sequence.bases);
    char[] letters = new char[(int) (end - start)];
    try {
      ByteBuffer packed = bytes(sequence.packed + start / 4, (int) ((end + 3) / 4 - start / 4));
      for (int i = 0; i < letters.length; i++) {
        long base = start + i;
        int fours = packed.get((int) (base / 4 - start / 4));
        letters[i] = LETTERS[fours >> (6 - 2 * (int) (base % 4)) & 3];
      }
    } catch (IOException e) {
      throw broken(e.getMessage(), e);
    }
    putUnknown(sequence, start, letters);
    return new String(letters);
  }

  private static void putUnknown(Sequence sequence, long start, char[] letters) {
    for (int i = 0; i < sequence.starts.length; i++) {
      long from = (sequence.starts[i] & 0xFFFFFFFFL) - start;
      long to = from + (sequence.sizes[i] & 0xFFFFFFFFL);
      for (long at = Math.max(0, from); at < Math.min(letters.length, to); at++) {
        letters[(int) at] = 'N';
      }
    }
  }

  private ByteBuffer bytes(long position, int count) throws IOException {
    if (position < 0 || position > source.size() - count) {
      throw new EOFException("it ends at byte " + source.size() + ", cut or damaged");
    }
    ByteBuffer buffer = ByteBuffer.allocate(count).order(order);
    source.read(position, buffer);
    return buffer.flip();
  }

  private InvalidInputException broken(String what, Exception cause) {
    return new InvalidInputException("Cannot read " + name + ": " + what, cause);
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw broken(e.getMessage(), e);
    }
  }
}
