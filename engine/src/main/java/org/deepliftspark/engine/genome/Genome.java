package org.deepliftspark.engine.genome;

import java.io.Closeable;

/**
 * A genome that gives the bases of any place. One thread at a time; reading another place may move
 * a buffer.
 */
public interface Genome extends Closeable {
  /** Longest stretch that is read at once; windows of models are far shorter. */
  int MOST_BASES = 1 << 28;

  /** Bases of a chromosome, or -1 if the genome has none of that name. */
  long length(String chrom);

  /**
   * Bases {@code start} to {@code end}, counted from 0, end exclusive, as the file has them but for
   * lower case, which marks repeats and may be lost.
   *
   * @throws IndexOutOfBoundsException if the place does not lie on the chromosome, or is longer
   *     than {@link #MOST_BASES}
   * @throws org.deepliftspark.engine.InvalidInputException if the file is damaged or cannot be read
   */
  String bases(String chrom, long start, long end);

  @Override
  void close();

  /** The part of a place that lies on the chromosome, N elsewhere. */
  default String padded(String chrom, long start, long end) {
    long length = length(chrom);
    long from = Math.max(0, Math.min(start, length));
    long to = Math.max(from, Math.min(end, length));
    int size = Math.toIntExact(end - start);
    StringBuilder letters = new StringBuilder(size);
    letters.append("N".repeat((int) Math.max(0, Math.min(size, -start))));
    if (from < to) {
      letters.append(bases(chrom, from, to));
    }
    return letters.append("N".repeat(size - letters.length())).toString();
  }
}
