package org.deepliftspark.job.io;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A line of a BED file: chromosome, start, end and what follows. A line of ten columns is
 * narrowPeak, whose last column is the summit's distance from the start (-1 for none).
 *
 * @param columns as written
 * @param strand {@code +} or {@code -}; null if there is none
 * @param summit position of the summit on the chromosome, or of the middle
 */
record BedLine(List<String> columns, String chrom, String strand, long summit) {
  /** UCSC's names of the columns, for --id-col and --keep-cols. */
  static final List<String> NAMES =
      List.of(
          "chrom",
          "chromStart",
          "chromEnd",
          "name",
          "score",
          "strand",
          "signalValue",
          "pValue",
          "qValue",
          "peak");

  private static final int STRAND_AT = 5;
  private static final int PEAK_AT = 9;

  /** Longest line that is taken apart; rows of BED are short. */
  private static final int MOST_LETTERS = 1 << 16;

  /** Whether a line is none of the data: empty, a comment, or for a browser. */
  static boolean isRemark(String line) {
    return line.isBlank()
        || line.startsWith("#")
        || line.startsWith("track ")
        || line.startsWith("track\t")
        || line.startsWith("browser ")
        || line.startsWith("browser\t");
  }

  /** Columns lie between tabs; between blanks where a line has no tab. Empty if it is not BED. */
  static Optional<BedLine> parse(String line) {
    if (line.length() > MOST_LETTERS) {
      return Optional.empty();
    }
    String text = line.stripTrailing();
    List<String> columns = Arrays.asList(text.split(text.indexOf('\t') >= 0 ? "\t" : " +", -1));
    if (columns.size() < 3 || columns.get(0).isBlank()) {
      return Optional.empty();
    }
    try {
      long start = Long.parseLong(columns.get(1).strip());
      long end = Long.parseLong(columns.get(2).strip());
      if (start < 0 || end < start || end > Integer.MAX_VALUE * 16L) {
        return Optional.empty();
      }
      long summit = (start + end) / 2;
      if (columns.size() == NAMES.size()) {
        long peak = Long.parseLong(columns.get(PEAK_AT).strip());
        if (peak < -1 || peak > end - start) {
          return Optional.empty();
        }
        summit = peak < 0 ? summit : start + peak;
      }
      return Optional.of(new BedLine(columns, columns.get(0).strip(), strand(columns), summit));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String strand(List<String> columns) {
    String strand = columns.size() > STRAND_AT ? columns.get(STRAND_AT).strip() : "";
    return strand.equals("+") || strand.equals("-") ? strand : null;
  }

  /** The text of a column by its name; null where the line is shorter. */
  String column(String name) {
    int at = NAMES.indexOf(name);
    return at < columns.size() ? columns.get(at) : null;
  }
}
