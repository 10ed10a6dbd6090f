package org.deepliftspark.job.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Predictor;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.npy.NpyFile;
import org.deepliftspark.engine.program.Numbers;

/**
 * Compares an imported network's predictions, final activations included, with those that the
 * framework made of the same inputs. A difference counts relative to the largest stored number of
 * its output.
 */
final class StoredPredictions {
  /** Two implementations in float differ by less; another network differs by more. */
  private static final double LARGEST_DIFFERENCE = 1e-4;

  private StoredPredictions() {}

  /**
   * Prints a line per output.
   *
   * @throws InvalidInputException if arrays are missing or do not fit, or predictions differ
   */
  static void verify(Graph graph, OptionValues values, PrintStream out) {
    List<NpyFile> files = new ArrayList<>();
    try {
      open(graph, values.all(Options.VERIFY), files);
      compare(graph, files, values.get(Options.BACKEND), out);
    } finally {
      files.forEach(NpyFile::close);
    }
  }

  private static void open(Graph graph, List<String> texts, List<NpyFile> files) {
    List<Node> nodes =
        Stream.concat(graph.inputs().stream(), graph.outputs().values().stream()).toList();
    if (texts.size() != nodes.size()) {
      throw new InvalidInputException(
          "Invalid %s: expected an array for each of %s, %d in all, found %d"
              .formatted(Options.VERIFY, expected(graph), nodes.size(), texts.size()));
    }
    for (int i = 0; i < texts.size(); i++) {
      NpyFile file = NpyFile.open(LocalModel.path(Options.VERIFY, texts.get(i)));
      files.add(file);
      check(file, nodes.get(i), i < graph.inputs().size(), files.get(0).rows());
    }
  }

  private static String expected(Graph graph) {
    return Stream.concat(
            graph.inputs().stream().map(node -> "input '" + node.name() + "'"),
            graph.outputs().keySet().stream().map(name -> "output '" + name + "'"))
        .collect(Collectors.joining(", "));
  }

  private static void check(NpyFile file, Node node, boolean isInput, int rows) {
    int[] dims = node.userShape().dims();
    boolean fits =
        isInput
            ? Arrays.equals(file.rowShape(), dims)
            : file.rowSize() == node.shape().size(); // [rows] is as good as [rows, 1]
    if (!fits || file.rows() != rows || rows == 0) {
      throw new InvalidInputException(
          "Invalid %s %s: expected shape [%s, %s for %s '%s', found %s"
              .formatted(
                  Options.VERIFY,
                  file.name(),
                  rows == 0 ? "rows" : rows,
                  node.userShape().toString().substring(1),
                  isInput ? "input" : "output",
                  node.name(),
                  Arrays.toString(file.shape())));
    }
  }

  private static void compare(Graph graph, List<NpyFile> files, String backend, PrintStream out) {
    List<NpyFile> inputs = files.subList(0, graph.inputs().size());
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : graph.outputs().keySet()) {
      NpyFile file = files.get(inputs.size() + comparisons.size());
      comparisons.add(new Comparison(name, file));
    }
    int rows = inputs.get(0).rows();
    try (Predictor predictor = Predictor.open(graph, backend)) {
      int step = predictor.preferredRows();
      for (int from = 0; from < rows; from += step) {
        int first = from;
        int count = Math.min(step, rows - from);
        List<float[]> arrays = inputs.stream().map(file -> file.rows(first, count)).toList();
        List<Numbers> found = predictor.predict(count, arrays);
        for (int output = 0; output < found.size(); output++) {
          comparisons.get(output).add(found.get(output), from, count);
        }
      }
    }
    comparisons.forEach(comparison -> comparison.report(out));
  }

  /** What is known of one output so far. */
  private static final class Comparison {
    private final String output;
    private final NpyFile file;
    private double largest;
    private double difference;
    private int row;

    Comparison(String output, NpyFile file) {
      this.output = output;
      this.file = file;
    }

    void add(Numbers found, int from, int count) {
      float[] stored = file.rows(from, count);
      for (int i = 0; i < stored.length; i++) {
        double apart = Math.abs(found.get(i) - stored[i]);
        if (!Double.isFinite(apart)) {
          apart = Double.POSITIVE_INFINITY;
        } else {
          largest = Math.max(largest, Math.abs(stored[i]));
        }
        if (apart > difference) {
          difference = apart;
          row = from + i / (stored.length / count);
        }
      }
    }

    void report(PrintStream out) {
      double relative = difference == 0 ? 0 : difference / largest;
      if (relative > LARGEST_DIFFERENCE) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "Predictions differ from %s: output '%s', row %d, relative difference %.3g,"
                    + " expected at most %.0e; check that the arrays belong to this model, and %s",
                file.name(),
                output,
                row,
                relative,
                LARGEST_DIFFERENCE,
                Options.MODEL_LAYOUT));
      }
      out.printf(
          Locale.ROOT,
          "verified: output '%s', %d rows, largest relative difference %.3g%n",
          output,
          file.rows(),
          relative);
    }
  }
}
