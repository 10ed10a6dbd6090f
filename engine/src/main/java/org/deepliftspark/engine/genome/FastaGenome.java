package org.deepliftspark.engine.genome;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;

/** A FASTA file with its index. */
public final class FastaGenome implements Genome {
  /** A line of one base with a line end of two bytes. */
  private static final int MOST_BYTES_PER_BASE = 3;

  private final ByteSource source;
  private final FastaIndex index;
  private final String name;

  /**
   * @param source the uncompressed bytes; closed with this
   * @param name of the file, for messages
   */
  public FastaGenome(ByteSource source, FastaIndex index, String name) {
    this.source = source;
    this.index = index;
    this.name = name;
  }

  @Override
  public long length(String chrom) {
    FastaIndex.Entry entry = index.entries().get(chrom);
    return entry == null ? -1 : entry.bases();
  }

  @Override
  public String bases(String chrom, long start, long end) {
    FastaIndex.Entry entry = index.entries().get(chrom);
    if (end - start > MOST_BASES) {
      throw new IndexOutOfBoundsException("more than " + MOST_BASES + " bases");
    }
    Objects.checkFromToIndex(start, end, entry == null ? 0 : entry.bases());
    if (start == end) {
      return "";
    }
    long from = entry.at(start);
    long to = entry.at(end - 1) + 1;
    if (to - from > MOST_BYTES_PER_BASE * (end - start)) {
      throw damaged(chrom);
    }
    byte[] bytes = read(from, to, chrom);
    StringBuilder letters = new StringBuilder((int) (end - start));
    for (byte letter : bytes) {
      if (letter == '>') {
        throw damaged(chrom);
      }
      if (letter > ' ') {
        letters.append((char) letter);
      }
    }
    if (letters.length() != end - start) {
      throw damaged(chrom);
    }
    return letters.toString();
  }

  private byte[] read(long from, long to, String chrom) {
    try {
      if (from < 0 || to < from || to > source.size()) {
        throw damaged(chrom);
      }
      byte[] bytes = new byte[Math.toIntExact(to - from)];
      source.read(from, ByteBuffer.wrap(bytes));
      return bytes;
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  private InvalidInputException damaged(String chrom) {
    return new InvalidInputException(
        "Cannot read "
            + chrom
            + " of "
            + name
            + ": the file does not match its .fai index, or was cut; make the index anew with"
            + " samtools faidx");
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }
}
