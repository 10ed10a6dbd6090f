package org.deepliftspark.job.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.deepliftspark.job.chart.Chart;

/** Means over rows: a table for people, and a chart per measure with the methods side by side. */
final class EvaluateReport {

  /** Mean, standard error and number of rows at one place. */
  private record Mean(double mean, double error, long rows) {}

  /** By measure, series and place. */
  private final Map<String, Map<String, TreeMap<Double, Mean>>> means = new LinkedHashMap<>();

  private final List<Metric> metrics;
  private final boolean oneTarget;

  /**
   * @param rows target, method, metric, place, mean, standard deviation and count
   * @param methods in the order of the charts
   * @param targets in the order of the charts
   */
  EvaluateReport(List<Row> rows, List<Metric> metrics, List<String> methods, List<String> targets) {
    this.metrics = metrics;
    this.oneTarget = targets.size() == 1;
    for (Metric metric : metrics) {
      Map<String, TreeMap<Double, Mean>> bySeries = new LinkedHashMap<>();
      for (String target : targets) {
        methods.forEach(method -> bySeries.put(series(method, target), new TreeMap<>()));
      }
      means.put(metric.key(), bySeries);
    }
    for (Row row : rows) {
      double deviation = row.isNullAt(5) ? 0 : row.getDouble(5);
      Mean mean = new Mean(row.getDouble(4), deviation / Math.sqrt(row.getLong(6)), row.getLong(6));
      String series = series(row.getString(1), row.getString(0));
      means.get(row.getString(2)).get(series).put(row.getDouble(3), mean);
    }
  }

  /** A method, and of several targets which. */
  private String series(String method, String target) {
    return oneTarget ? method : method + " of " + target;
  }

  String table() {
    StringBuilder text = new StringBuilder();
    for (Metric metric : metrics) {
      text.append(String.format("%s (mean over rows, standard error)%n", metric.key()));
      means
          .get(metric.key())
          .forEach(
              (method, places) -> {
                List<String> cells = new ArrayList<>();
                places.forEach((place, mean) -> cells.add(cell(metric, place, mean)));
                text.append(
                    String.format(
                        "  %-28s %s%n",
                        method, cells.isEmpty() ? "no finite value" : String.join("  ", cells)));
              });
    }
    return text.toString();
  }

  private static String cell(Metric metric, double place, Mean mean) {
    String number = String.format(Locale.ROOT, "%.4g (%.2g)", mean.mean(), mean.error());
    String at = place == Math.rint(place) ? "%.0f: %s" : "%.2f: %s";
    return metric.isCurve() ? String.format(Locale.ROOT, at, place, number) : number;
  }

  String chart(Metric metric) {
    Map<String, TreeMap<Double, Mean>> byMethod = means.get(metric.key());
    Chart chart = new Chart(metric.key(), metric.across(), metric.up());
    double[] places =
        byMethod.values().stream()
            .flatMap(all -> all.keySet().stream())
            .mapToDouble(Double::doubleValue)
            .distinct()
            .sorted()
            .toArray();
    if (!metric.isCurve() || places.length == 0) {
      byMethod.forEach(
          (method, all) ->
              chart.add(method, all.containsKey(0.0) ? all.get(0.0).mean() : Double.NaN));
      return chart.bars("");
    }
    byMethod.forEach(
        (method, all) -> {
          double[] numbers = new double[places.length];
          for (int i = 0; i < places.length; i++) {
            Mean mean = all.get(places[i]);
            numbers[i] = mean == null ? Double.NaN : mean.mean();
          }
          chart.add(method, numbers);
        });
    return chart.lines(places, places[0], places[places.length / 2], places[places.length - 1]);
  }
}
