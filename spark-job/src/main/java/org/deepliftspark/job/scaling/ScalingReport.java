package org.deepliftspark.job.scaling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.deepliftspark.job.chart.Chart;

/**
 * Charts and tables of what was measured.
 *
 * @param measured in any order
 */
record ScalingReport(List<Measured> measured) {
  private static final String ROW = "| %s | %d | %.4g | %.2f | %d | %s |%n";

  /** Chart by file name. */
  Map<String, String> charts() {
    Map<String, String> charts = new LinkedHashMap<>();
    for (Sweep sweep : Sweep.values()) {
      if (has(sweep)) {
        String name = sweep.name().toLowerCase(Locale.ROOT);
        charts.put(name + ".svg", chart(sweep, "pairs per second", Measured::pairsPerSecond));
        charts.put(
            name + "-efficiency.svg",
            chart(sweep, "needed / matrix products, %", m -> 100 * m.gflops() / m.peak()));
      }
    }
    for (Sweep sweep : List.of(Sweep.LENGTH, Sweep.CHANNELS)) {
      if (has(sweep)) {
        String name = sweep.name().toLowerCase(Locale.ROOT);
        charts.put(name + "-memory.svg", chart(sweep, "resident memory, MB", Measured::megabytes));
      }
    }
    return charts;
  }

  private boolean has(Sweep sweep) {
    return measured.stream().anyMatch(m -> m.sweep() == sweep);
  }

  /** A line per number of threads; of the threads themselves one line. */
  private String chart(Sweep sweep, String up, ToDoubleFunction<Measured> value) {
    Map<String, TreeMap<Integer, Double>> series = new LinkedHashMap<>();
    TreeMap<Integer, Double> places = new TreeMap<>();
    for (Measured m : measured) {
      if (m.sweep() == sweep) {
        int threads = m.point().threads();
        String name =
            sweep == Sweep.THREADS ? "all" : threads + (threads == 1 ? " thread" : " threads");
        int at = sweep.valueOf(m.point());
        series.computeIfAbsent(name, key -> new TreeMap<>()).put(at, value.applyAsDouble(m));
        places.put(at, 0.0);
      }
    }
    double[] across = places.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
    Chart chart = new Chart("By " + sweep.across(), sweep.across(), up).logarithmic();
    series.forEach(
        (name, line) ->
            chart.add(
                name,
                places.keySet().stream()
                    .mapToDouble(at -> line.getOrDefault(at, Double.NaN))
                    .toArray()));
    return chart.lines(across, across);
  }

  /**
   * Tables and charts as Markdown.
   *
   * @param folder of the charts, as the page names it
   */
  String markdown(String folder) {
    StringBuilder text = new StringBuilder();
    for (Sweep sweep : Sweep.values()) {
      if (!has(sweep)) {
        continue;
      }
      String name = sweep.name().toLowerCase(Locale.ROOT);
      text.append("### By ").append(sweep.across()).append("\n\n");
      text.append("| ").append(sweep.across());
      text.append(" | threads | pairs/s | needed / gemm peak | RSS, MB | of it per task, MB |\n");
      text.append("| --- | --- | --- | --- | --- | --- |\n");
      for (Measured m : measured) {
        if (m.sweep() == sweep) {
          text.append(
              String.format(
                  Locale.ROOT,
                  ROW,
                  sweep.valueOf(m.point()),
                  m.point().threads(),
                  m.pairsPerSecond(),
                  m.gflops() / m.peak(),
                  m.megabytes(),
                  perTask(m).map(mb -> String.format(Locale.ROOT, "%.0f", mb)).orElse("")));
        }
      }
      text.append('\n');
      List<String> images = new ArrayList<>(List.of(name, name + "-efficiency"));
      if (sweep == Sweep.LENGTH || sweep == Sweep.CHANNELS) {
        images.add(name + "-memory");
      }
      images.forEach(
          image ->
              text.append(
                  String.format("![%s](%s/%s.svg)%n", image.replace('-', ' '), folder, image)));
      text.append('\n');
    }
    return text.toString();
  }

  /** What each thread after the first takes, where the same point was measured on one thread. */
  private Optional<Double> perTask(Measured m) {
    int threads = m.point().threads();
    return measured.stream()
        .filter(one -> threads > 1 && one.point().threads() == 1)
        .filter(one -> one.sweep() == m.sweep())
        .filter(
            one ->
                m.sweep() == Sweep.THREADS
                    || m.sweep().valueOf(one.point()) == m.sweep().valueOf(m.point()))
        .findFirst()
        .map(one -> (m.megabytes() - one.megabytes()) / (threads - 1.0));
  }
}
