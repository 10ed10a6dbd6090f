package org.deepliftspark.engine.encode;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place on a genome, as its source wrote it (BED and {@code bedtools getfasta}: start counts from
 * 0, end is exclusive).
 *
 * @param strand {@code +}, {@code -} or {@code .}; null if the source names none
 */
public record GenomicInterval(String chrom, long start, long end, String strand) {
  private static final Pattern NAME =
      Pattern.compile("(\\S+):([0-9]{1,18})-([0-9]{1,18})(?:\\(([-+.])\\))?");

  /**
   * Reads {@code chrom:start-end} or {@code chrom:start-end(strand)}, also after a label as {@code
   * bedtools getfasta -name} writes it: {@code label::chrom:start-end}. Empty if the name is
   * nothing of the kind, or its end lies before its start.
   */
  public static Optional<GenomicInterval> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String labelled = matcher.group(1);
    int label = labelled.lastIndexOf("::");
    String chrom = label < 0 ? labelled : labelled.substring(label + 2);
    long start = Long.parseLong(matcher.group(2));
    long end = Long.parseLong(matcher.group(3));
    if (chrom.isEmpty() || end < start) {
      return Optional.empty();
    }
    return Optional.of(new GenomicInterval(chrom, start, end, matcher.group(4)));
  }

  /**
   * {@code chrom:start-end(strand)}, without the strand where there is none: the row id of BED
   * input.
   */
  @Override
  public String toString() {
    return chrom + ":" + start + "-" + end + (strand == null ? "" : "(" + strand + ")");
  }
}
