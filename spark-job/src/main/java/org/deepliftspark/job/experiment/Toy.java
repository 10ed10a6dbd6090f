package org.deepliftspark.job.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.metric.Explainer;
import org.deepliftspark.engine.metric.Scores;
import org.deepliftspark.job.chart.Chart;

/**
 * Figures 1 to 3 of the 2017 paper, on three functions written as networks: a sum that saturates, a
 * threshold, and a minimum. References are zeros.
 */
final class Toy implements Experiment {
  private static final Op RELU = new Op.Activation(ActivationFunction.of(Kind.RELU));
  private static final List<String> METHODS =
      List.of(
          "rescale",
          "reveal-cancel",
          "integrated-gradients:100",
          "gradient-x-input",
          "gradient",
          "guided-backprop",
          "epsilon-lrp:1e-6",
          "occlusion:1",
          "shapley-sampling:500");

  /**
   * @param title for people
   * @param key for programs
   * @param rows what is explained
   */
  private record Function(String title, String key, Graph graph, List<float[]> rows) {}

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public Outcome run(Setting setting) {
    List<Function> functions =
        List.of(
            new Function(
                "saturation: y = 1 - relu(1 - i1 - i2)",
                "saturation",
                layers(new float[][] {{-1}, {-1}}, new float[] {1}, new float[] {-1}, 1),
                List.of(new float[] {1, 1}, new float[] {.25f, .25f})),
            new Function(
                "discontinuity: y = relu(i1 - 10)",
                "discontinuity",
                layers(new float[][] {{1}}, new float[] {-10}, new float[] {1}, 0),
                List.of(new float[] {9.999f}, new float[] {10.001f}, new float[] {12})),
            new Function(
                "minimum: y = min(i1, i2) = i1 - relu(i1 - i2)",
                "minimum",
                minimum(),
                List.of(new float[] {2, 1}, new float[] {1, 2}, new float[] {3, 3})));
    StringBuilder text = new StringBuilder();
    Map<String, Object> json = new LinkedHashMap<>();
    for (Function function : functions) {
      Table table = new Table(head(function));
      Map<String, Object> numbers = new LinkedHashMap<>();
      for (String method : METHODS) {
        List<List<Double>> found = explain(function.graph(), method, function.rows(), setting);
        String[] cells = new String[found.size() + 1];
        cells[0] = method;
        for (int row = 0; row < found.size(); row++) {
          cells[row + 1] = vector(found.get(row));
        }
        table.add(cells);
        numbers.put(method, found);
      }
      json.put(function.key(), numbers);
      text.append(function.title()).append(System.lineSeparator()).append(table);
      text.append(System.lineSeparator());
    }
    return new Outcome(text.toString(), json, figure(functions.get(1).graph(), setting));
  }

  private static String[] head(Function function) {
    String[] head = new String[function.rows().size() + 1];
    head[0] = "contributions";
    for (int row = 1; row < head.length; row++) {
      float[] x = function.rows().get(row - 1);
      StringBuilder at = new StringBuilder("at ");
      for (int i = 0; i < x.length; i++) {
        at.append(i == 0 ? "" : ", ").append(x[i]);
      }
      head[row] = at.toString();
    }
    return head;
  }

  /** The contribution of the input of the threshold as it rises. */
  private static String figure(Graph graph, Setting setting) {
    double[] places = new double[29];
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      places[i] = 8 + i / 7.0;
      rows.add(new float[] {(float) places[i]});
    }
    Chart chart =
        new Chart("Contribution of the input to relu(input - 10)", "input", "contribution");
    for (String method : METHODS.subList(0, 4)) {
      chart.add(
          method,
          explain(graph, method, rows, setting).stream().mapToDouble(row -> row.get(0)).toArray());
    }
    double[] few = {8, 9, 10, 11, 12};
    return chart.lines(places, few);
  }

  private static List<List<Double>> explain(
      Graph graph, String method, List<float[]> rows, Setting setting) {
    List<String> ids = rows.stream().map(Arrays::toString).toList();
    List<List<Double>> found = new ArrayList<>();
    try (Explainer explainer =
        Explainer.open(graph, method, List.of("0"), "zeros", 1, setting.backend())) {
      Scores scores = explainer.explain(rows, ids);
      for (float[][] row : scores.contributions()) {
        List<Double> numbers = new ArrayList<>();
        for (float contribution : row[0]) {
          numbers.add((double) contribution);
        }
        found.add(numbers);
      }
    }
    return found;
  }

  private static String vector(List<Double> numbers) {
    return numbers.stream()
        .map(number -> String.format(Locale.ROOT, "%.3f", number))
        .map(text -> text.equals("-0.000") ? "0.000" : text)
        .collect(Collectors.joining(", "));
  }

  /** relu(x W + b) v + c. */
  private static Graph layers(float[][] w, float[] b, float[] v, float c) {
    GraphBuilder builder = new GraphBuilder("toy");
    float[] weights = new float[w.length * b.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = w[i / b.length][i % b.length];
    }
    Op first = new Op.Dense(Tensor.of(weights, w.length, b.length), Tensor.of(b, b.length));
    Node at = builder.add("first", first, builder.input("i", Shape.of(w.length)));
    at = builder.add("relu", RELU, at);
    Op last = new Op.Dense(Tensor.of(v, v.length, 1), Tensor.of(new float[] {c}, 1));
    builder.output("y", builder.add("y", last, at));
    return builder.build();
  }

  private static Graph minimum() {
    GraphBuilder builder = new GraphBuilder("toy");
    Node x = builder.input("i", Shape.of(2));
    Op difference = new Op.Dense(Tensor.of(new float[] {1, -1}, 2, 1), null);
    Node relu = builder.add("relu", RELU, builder.add("difference", difference, x));
    Op first = new Op.Dense(Tensor.of(new float[] {1, 0}, 2, 1), null);
    Op minus = new Op.Binary(Op.Arithmetic.SUBTRACT);
    builder.output("y", builder.add("y", minus, builder.add("i1", first, x), relu));
    return builder.build();
  }
}
