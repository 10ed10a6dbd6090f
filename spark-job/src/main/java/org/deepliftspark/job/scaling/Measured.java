package org.deepliftspark.job.scaling;

import java.util.List;
import java.util.Locale;

/**
 * What was found at a point.
 *
 * @param pairsPerSecond (row, reference) pairs
 * @param gflops what the program needs, per second
 * @param peak GFLOP/s of matrix products on as many threads
 * @param megabytes largest resident memory of the process
 * @param parameters of the network
 */
record Measured(
    Sweep sweep,
    Point point,
    double pairsPerSecond,
    double gflops,
    double peak,
    long megabytes,
    long parameters) {
  static final String HEADER =
      String.join(
          "\t",
          "sweep",
          "length",
          "channels",
          "references",
          "threads",
          "batch",
          "pairs_per_second",
          "gflops_needed",
          "gflops_gemm",
          "peak_rss_mb",
          "parameters");

  String line() {
    return sweep
        + "\t"
        + String.join("\t", point.arguments())
        + String.format(
            Locale.ROOT,
            "\t%.4g\t%.4g\t%.4g\t%d\t%d",
            pairsPerSecond,
            gflops,
            peak,
            megabytes,
            parameters);
  }

  static Measured parse(String line) {
    List<String> fields = List.of(line.split("\t"));
    if (fields.size() != 11) {
      throw new IllegalArgumentException("expected 11 fields, found: " + line);
    }
    return new Measured(
        Sweep.of(fields.get(0)),
        Point.parse(fields.subList(1, 6)),
        Double.parseDouble(fields.get(6)),
        Double.parseDouble(fields.get(7)),
        Double.parseDouble(fields.get(8)),
        Long.parseLong(fields.get(9)),
        Long.parseLong(fields.get(10)));
  }
}
