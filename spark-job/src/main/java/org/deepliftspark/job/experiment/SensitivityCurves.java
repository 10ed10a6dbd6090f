package org.deepliftspark.job.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.metric.Explainer;
import org.deepliftspark.engine.metric.MotifRecovery;
import org.deepliftspark.engine.metric.Network;
import org.deepliftspark.engine.metric.Removal;
import org.deepliftspark.engine.metric.Scores;
import org.deepliftspark.engine.reference.RowSeed;
import org.deepliftspark.job.chart.Chart;

/**
 * Sensitivity-n of Ancona et al.: how well sums of contributions foretell what the prediction loses
 * when n random pixels turn black, for perceptrons and convolutional networks with four
 * activations. The project's own networks and digits. At n = N, where there is one set only, the
 * mean of |sum - loss| / |loss| takes the correlation's place.
 */
final class SensitivityCurves implements Experiment {
  private static final List<String> NETWORKS = List.of("mlp", "cnn");
  private static final List<String> ACTIVATIONS = List.of("relu", "tanh", "sigmoid", "softplus");
  private static final int PICTURES = 40;
  private static final int SETS = 100;
  private static final int CLASSES = 10;
  private static final int[] SIZES = {1, 2, 4, 8, 16, 32, 64, 110, 157};
  private static final List<String> METHODS =
      List.of(
          "occlusion:1",
          "rescale",
          "reveal-cancel",
          "integrated-gradients:50",
          "epsilon-lrp:1e-4",
          "gradient-x-input");

  @Override
  public String name() {
    return "sensitivity-n";
  }

  @Override
  public Outcome run(Setting setting) throws IOException {
    Digits digits = Digits.own(setting);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "Mean correlation (standard error) over %d pictures, %d sets of n pixels each; gap:"
                + " |sum - loss| / |loss| at n = N%n",
            PICTURES, SETS));
    Map<String, Object> json = new LinkedHashMap<>();
    Chart chart = null;
    for (String kind : NETWORKS) {
      for (String activation : ACTIVATIONS) {
        String name = kind + "-" + activation;
        Graph graph = Setting.model(setting.own().resolve(name + ".keras"), null);
        Map<String, Curve> curves = curves(graph, digits, setting);
        text.append(String.format("%n%s%n", name)).append(table(curves));
        Map<String, Object> numbers = new LinkedHashMap<>();
        curves.forEach((method, curve) -> numbers.put(method, curve.json()));
        json.put(name, numbers);
        if (name.equals("cnn-sigmoid")) {
          chart = new Chart("Sensitivity-n, " + name, "n", "mean correlation");
          for (Map.Entry<String, Curve> curve : curves.entrySet()) {
            chart.add(curve.getKey(), curve.getValue().means());
          }
        }
      }
    }
    double[] places = new double[SIZES.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = SIZES[i];
    }
    return new Outcome(text.toString(), json, chart.lines(places, 1, 16, 32, 64, 110, 157));
  }

  /** Correlations of one method, per size, and gaps. */
  private static final class Curve {
    private final List<List<Double>> correlations = new ArrayList<>();
    private double gap;
    private int rows;

    Curve() {
      for (int i = 0; i < SIZES.length; i++) {
        correlations.add(new ArrayList<>());
      }
    }

    void add(int size, double correlation) {
      if (Double.isFinite(correlation)) { // a set of pixels that are black already loses nothing
        correlations.get(size).add(correlation);
      }
    }

    void addGap(double of) {
      gap += of;
      rows++;
    }

    double mean(int size) {
      return correlations.get(size).stream().mapToDouble(c -> c).average().orElse(Double.NaN);
    }

    double error(int size) {
      List<Double> all = correlations.get(size);
      double mean = mean(size);
      double squares = all.stream().mapToDouble(c -> (c - mean) * (c - mean)).sum();
      return Math.sqrt(squares / Math.max(1, all.size() - 1) / Math.max(1, all.size()));
    }

    double[] means() {
      double[] means = new double[SIZES.length];
      for (int size = 0; size < means.length; size++) {
        means[size] = mean(size);
      }
      return means;
    }

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      for (int size = 0; size < SIZES.length; size++) {
        json.put(Integer.toString(SIZES[size]), mean(size));
      }
      json.put("gap", gap / rows);
      return json;
    }
  }

  private static Map<String, Curve> curves(Graph graph, Digits digits, Setting setting) {
    List<float[]> rows = digits.pixels().subList(0, PICTURES);
    List<String> ids = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (int row = 0; row < PICTURES; row++) {
      ids.add(Integer.toString(row));
    }
    for (int digit = 0; digit < CLASSES; digit++) {
      targets.add(Integer.toString(digit));
    }
    Map<String, Curve> curves = new LinkedHashMap<>();
    Map<String, Scores> scores = new LinkedHashMap<>();
    for (String method : METHODS) {
      curves.put(method, new Curve());
      try (Explainer explainer =
          Explainer.open(graph, method, targets, "zeros", 1, setting.backend())) {
        scores.put(method, explainer.explain(rows, ids));
      }
    }
    try (Network network = Network.open(graph, targets, setting.backend())) {
      for (int row = 0; row < PICTURES; row++) {
        addRow(network, rows.get(row), row, digits.labels()[row], scores, curves);
      }
    }
    return curves;
  }

  private static void addRow(
      Network network,
      float[] x,
      int row,
      int target,
      Map<String, Scores> scores,
      Map<String, Curve> curves) {
    float[] black = new float[x.length];
    long seed = RowSeed.of(1, Integer.toString(row));
    for (int size = 0; size < SIZES.length; size++) {
      Removal removal = Removal.ofSize(network, x, black, 1, SIZES[size], SETS, seed);
      for (String method : METHODS) {
        double[] pixels = MotifRecovery.perPosition(contributions(scores, method, row, target), 1);
        curves.get(method).add(size, removal.correlation(pixels, target));
      }
    }
    double loss = Removal.ofSize(network, x, black, 1, x.length, 1, seed).drops()[target][0];
    for (String method : METHODS) {
      double sum = 0;
      for (float contribution : contributions(scores, method, row, target)) {
        sum += contribution;
      }
      curves.get(method).addGap(Math.abs(sum - loss) / Math.abs(loss));
    }
  }

  private static float[] contributions(
      Map<String, Scores> scores, String method, int row, int target) {
    return scores.get(method).contributions()[row][target];
  }

  private static Table table(Map<String, Curve> curves) {
    String[] head = new String[SIZES.length + 2];
    head[0] = "method";
    for (int size = 0; size < SIZES.length; size++) {
      head[size + 1] = "n=" + SIZES[size];
    }
    head[head.length - 1] = "gap";
    Table table = new Table(head);
    curves.forEach(
        (method, curve) -> {
          String[] cells = new String[head.length];
          cells[0] = method;
          for (int size = 0; size < SIZES.length; size++) {
            cells[size + 1] =
                String.format(Locale.ROOT, "%.3f (%.3f)", curve.mean(size), curve.error(size));
          }
          cells[cells.length - 1] = String.format(Locale.ROOT, "%.1e", curve.gap / curve.rows);
          table.add(cells);
        });
    return table;
  }
}
