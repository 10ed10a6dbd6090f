package org.deepliftspark.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run did.
 *
 * @param read rows of the input
 * @param duplicates rows left out because another row has the same id and content
 * @param scoredBefore rows that a resume found in the output
 * @param rejected rows by reason
 * @param scored rows with scores for every target
 * @param written output rows: one per row and target; where nothing was new, those of the run
 *     before
 * @param delta distribution of |convergence delta| over the output rows
 * @param aboveMaxDelta output rows above --max-delta; null if it is not set
 * @param seconds that scoring took
 * @param taskSeconds where the time of the tasks went, summed over them
 * @param output folder
 */
public record RunReport(
    long read,
    long duplicates,
    long scoredBefore,
    Map<String, Long> rejected,
    long scored,
    long written,
    DeltaQuantiles delta,
    Long aboveMaxDelta,
    double seconds,
    Map<String, Double> taskSeconds,
    String output) {

  /**
   * Quantiles of |convergence delta|; the largest is exact, the others to a thousandth of the rank.
   */
  public record DeltaQuantiles(double median, double p90, double p99, double largest) {
    static final DeltaQuantiles NONE = new DeltaQuantiles(0, 0, 0, 0);
  }

  /** The report of a resume that finds a finished run of the same input. */
  static RunReport nothingNew(RunRecord before, String output) {
    JsonNode counts = before.counts();
    long scored = counts.path("scored").asLong() + counts.path("scored_before").asLong();
    long duplicates = counts.path("equal_rows_left_out").asLong();
    JsonNode above = counts.path("above_max_delta");
    Map<String, Long> rejected = new TreeMap<>();
    counts
        .path("rejected_by_reason")
        .properties()
        .forEach(reason -> rejected.put(reason.getKey(), reason.getValue().asLong()));
    return new RunReport(
        counts.path("read").asLong(),
        duplicates,
        scored,
        rejected,
        0,
        counts.path("written").asLong(),
        before.delta(),
        above.isNumber() ? above.asLong() : null,
        0,
        Map.of(),
        output);
  }

  public long rejectedRows() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The rejected part of the distinct rows. */
  double rejectedFraction() {
    long distinct = read - duplicates;
    return distinct == 0 ? 0 : (double) rejectedRows() / distinct;
  }

  /** Reasons with their counts, such as {@code 3 length, 1 duplicate id}. */
  static String reasons(Map<String, Long> rejected) {
    return String.join(
        ", ",
        rejected.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .toList());
  }

  /** The table at the end of a run. */
  String table() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("rows read", count(read));
    if (scoredBefore > 0) {
      lines.put("rows scored before", count(scoredBefore));
    }
    lines.put("rows scored", count(scored));
    if (duplicates > 0) {
      lines.put("equal rows left out", count(duplicates));
    }
    lines.put("rows rejected", count(rejectedRows()));
    rejected.forEach((reason, rows) -> lines.put("  " + reason, count(rows)));
    lines.put(
        "|delta| median, 90 %, 99 %, max",
        String.format(
            Locale.ROOT,
            "%.2g, %.2g, %.2g, %.2g",
            delta.median(),
            delta.p90(),
            delta.p99(),
            delta.largest()));
    if (aboveMaxDelta != null) {
      lines.put("rows above --max-delta", count(aboveMaxDelta));
    }
    lines.put("rows/s", seconds > 0 ? Progress.rate(scored / seconds) : "-");
    lines.put("output", output);
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    lines.forEach((key, value) -> text.append(String.format("%-" + width + "s  %s%n", key, value)));
    return text.toString();
  }

  private static String count(long rows) {
    return String.format(Locale.ROOT, "%,d", rows);
  }
}
