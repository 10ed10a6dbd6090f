package org.deepliftspark.job.export;

import org.deepliftspark.engine.PlainText;
import org.deepliftspark.engine.encode.GenomicInterval;

/** Lines of BED. */
final class BedText {
  private static final int HIGHEST_SCORE = 1000;

  /** What spreadsheets take as the start of a formula, or of a text that goes on over tabs. */
  private static final String FORMULA_STARTS = "=+-@\"";

  private BedText() {}

  /** A line of six columns. */
  static String line(GenomicInterval place, String name, double score) {
    String strand = place.strand() == null ? "." : place.strand();
    int shown = (int) Math.max(0, Math.min(HIGHEST_SCORE, Math.round(score)));
    return String.join(
        "\t",
        name(place.chrom()),
        Long.toString(place.start()),
        Long.toString(place.end()),
        name(name),
        Integer.toString(shown),
        strand);
  }

  /**
   * A name without what would start another column or line. One that a spreadsheet would take as a
   * formula gets an apostrophe in front, as OWASP advises (CSV injection).
   */
  static String name(String name) {
    String line = PlainText.line(name.replace('\t', ' '), Integer.MAX_VALUE);
    boolean formula = line.length() > 1 && FORMULA_STARTS.indexOf(line.charAt(0)) >= 0;
    return formula ? "'" + line : line;
  }
}
