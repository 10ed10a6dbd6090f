package org.deepliftspark.job.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.metric.Explainer;
import org.deepliftspark.engine.metric.LogOddsFlip;
import org.deepliftspark.engine.metric.Network;
import org.deepliftspark.engine.metric.Scores;
import org.deepliftspark.job.chart.Chart;

/**
 * How far erasing the pixels that speak for a digit against another turns the one into the other:
 * figure 4 of the 2017 paper. Reference black; a fifth of the pixels at most; the change of the
 * log-odds of the two digits is averaged over all pictures of the first.
 */
final class MnistFlip implements Experiment {
  private static final int[][] PAIRS = {{8, 3}, {8, 6}, {9, 1}, {4, 1}};
  private static final double ERASED = 0.2;
  private static final int TOP = 10;
  private static final List<String> METHODS =
      List.of(
          "reveal-cancel",
          "genomics-default",
          "rescale",
          "gradient-x-input",
          "integrated-gradients:10",
          "integrated-gradients:5",
          "guided-backprop",
          "gradient");

  @Override
  public String name() {
    return "mnist-flip";
  }

  @Override
  public Outcome run(Setting setting) throws IOException {
    Optional<Path> upstream = setting.upstream("mnist/keras2_mnist_cnn_allconv.h5");
    Optional<Digits> test = Digits.upstream(setting);
    boolean papers = upstream.isPresent() && test.isPresent();
    Graph graph =
        Setting.model(papers ? upstream.get() : setting.own().resolve("cnn-relu.keras"), null);
    Digits digits = papers ? test.get() : Digits.own(setting);
    Map<String, Map<String, double[]>> changes = new LinkedHashMap<>();
    try (Network network =
        Network.open(
            graph,
            IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
            setting.backend())) {
      for (String method : METHODS) {
        for (int[] pair : PAIRS) {
          changes
              .computeIfAbsent(pair[0] + "->" + pair[1], key -> new LinkedHashMap<>())
              .put(method, changes(network, graph, digits, method, pair, setting));
        }
      }
    }
    return outcome(changes, digits, papers ? "the paper's network" : "the project's network");
  }

  /** Of each picture of the first digit, the change of its log-odds against the second. */
  private static double[] changes(
      Network network, Graph graph, Digits digits, String method, int[] pair, Setting setting) {
    List<Integer> places = digits.of(pair[0]);
    List<float[]> rows = places.stream().map(digits.pixels()::get).toList();
    List<String> targets = List.of(Integer.toString(pair[0]), Integer.toString(pair[1]));
    int size = network.shape().size();
    float[] erased = new float[rows.size() * size];
    Scores scores;
    try (Explainer explainer =
        Explainer.open(graph, method, targets, "zeros", 1, setting.backend())) {
      scores = explainer.explain(rows, places.stream().map(String::valueOf).toList());
    }
    int most = (int) Math.round(ERASED * size);
    for (int row = 0; row < rows.size(); row++) {
      double[] difference = new double[size];
      for (int pixel = 0; pixel < size; pixel++) {
        difference[pixel] =
            score(method, scores, rows.get(row), row, 0, pixel)
                - score(method, scores, rows.get(row), row, 1, pixel);
      }
      float[] changed = LogOddsFlip.erased(rows.get(row), difference, most);
      System.arraycopy(changed, 0, erased, row * size, size);
    }
    double[][] after = network.predict(rows.size(), erased);
    double[] changes = new double[rows.size()];
    for (int row = 0; row < changes.length; row++) {
      double before = scores.predictions()[row][0] - scores.predictions()[row][1];
      changes[row] = before - (after[row][pair[0]] - after[row][pair[1]]);
    }
    return changes;
  }

  /** Gradients have a size, bent ones their value, both where there is ink; others contribute. */
  private static double score(
      String method, Scores scores, float[] x, int row, int target, int pixel) {
    return switch (method) {
      case "gradient" -> x[pixel] > 0 ? Math.abs(scores.multipliers()[row][target][pixel]) : 0;
      case "guided-backprop" -> x[pixel] > 0 ? scores.multipliers()[row][target][pixel] : 0;
      default -> scores.contributions()[row][target][pixel];
    };
  }

  private static Outcome outcome(
      Map<String, Map<String, double[]>> changes, Digits digits, String what) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %d digits: mean change of log-odds (standard error), median, and the %d pictures"
                + " that change most%n",
            what,
            digits.labels().length,
            TOP));
    Map<String, Object> json = new LinkedHashMap<>();
    changes.forEach(
        (pair, methods) -> {
          List<Integer> places = digits.of(Character.getNumericValue(pair.charAt(0)));
          Table table = new Table("method", "mean", "s.e.", "median", "pictures");
          Map<String, Object> means = new LinkedHashMap<>();
          methods.forEach(
              (method, all) -> {
                double mean = Arrays.stream(all).average().orElse(0);
                means.put(method, mean);
                table.add(
                    method,
                    number(mean),
                    number(error(all, mean)),
                    number(median(all)),
                    top(all, places));
              });
          json.put(pair, means);
          text.append(String.format("%n%s (%d pictures)%n", pair, places.size())).append(table);
        });
    Chart chart = new Chart("Change of log-odds, " + what, "", "mean change of log-odds");
    for (String method : METHODS) {
      chart.add(
          method,
          changes.values().stream()
              .mapToDouble(all -> Arrays.stream(all.get(method)).average().orElse(0))
              .toArray());
    }
    return new Outcome(text.toString(), json, chart.bars(changes.keySet().toArray(String[]::new)));
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, Math.abs(number) < 100 ? "%.3f" : "%.1f", number);
  }

  private static double error(double[] all, double mean) {
    double squares = Arrays.stream(all).map(c -> (c - mean) * (c - mean)).sum();
    return Math.sqrt(squares / (all.length - 1) / all.length);
  }

  private static double median(double[] all) {
    double[] sorted = all.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static String top(double[] all, List<Integer> places) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      order.add(i);
    }
    return order.stream()
        .sorted(Comparator.comparingDouble((Integer i) -> -all[i]))
        .limit(TOP)
        .map(i -> places.get(i).toString())
        .collect(Collectors.joining(" "));
  }
}
