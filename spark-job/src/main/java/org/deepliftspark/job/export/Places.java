package org.deepliftspark.job.export;

import org.deepliftspark.engine.encode.GenomicInterval;
import org.deepliftspark.job.scores.ScoreRow;

/** Places on the genome of rows and of parts of rows. */
public final class Places {

  private Places() {}

  /** Whether a row has a place that is as long as its sequence. */
  public static boolean isKnown(ScoreRow row) {
    return row.place() != null && row.place().end() - row.place().start() == row.length();
  }

  /**
   * The place of positions {@code [from, from + length)} of a row; a row of the reverse strand runs
   * against the genome.
   *
   * @return null if the row's place is not known
   */
  public static GenomicInterval of(ScoreRow row, int from, int length) {
    if (!isKnown(row)) {
      return null;
    }
    GenomicInterval place = row.place();
    long start = row.isReverse() ? place.end() - from - length : place.start() + from;
    return new GenomicInterval(place.chrom(), start, start + length, place.strand());
  }
}
