package org.deepliftspark.job.export;

import org.deepliftspark.engine.encode.GenomicInterval;

/** Lines of BED. */
final class BedText {
  private static final int HIGHEST_SCORE = 1000;

  private BedText() {}

  /** A line of six columns. */
  static String line(GenomicInterval place, String name, double score) {
    String strand = place.strand() == null ? "." : place.strand();
    int shown = (int) Math.max(0, Math.min(HIGHEST_SCORE, Math.round(score)));
    return String.join(
        "\t",
        place.chrom(),
        Long.toString(place.start()),
        Long.toString(place.end()),
        name(name),
        Integer.toString(shown),
        strand);
  }

  /** A name without what would start another column or line. */
  static String name(String name) {
    return name.replaceAll("[\\t\\r\\n]", " ");
  }
}
