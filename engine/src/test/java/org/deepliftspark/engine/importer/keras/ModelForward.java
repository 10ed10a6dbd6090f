package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;

/** Runs imported models forward over stored inputs and compares with stored predictions. */
final class ModelForward {
  /** Rows compared; plain loops are slow and rows are independent. */
  private static final int MOST_ROWS = 4;

  private ModelForward() {}

  static Graph read(Path model, Path weights) {
    return read(model, weights, Map.of());
  }

  /**
   * @param lambdas what Lambda layers compute
   */
  static Graph read(Path model, Path weights, Map<String, String> lambdas) {
    return Models.read(
        new ModelSource(
            model.getFileName().toString(),
            bytes(model),
            weights == null ? null : bytes(weights),
            null,
            Map.of(),
            lambdas));
  }

  /** Asserts that the outputs, in the model's order, are the predictions. */
  static void assertPredicts(Graph graph, List<Path> inputs, List<Path> predictions) {
    List<NpyArray> given = inputs.stream().map(Npy::read).toList();
    List<NpyArray> expected = predictions.stream().map(Npy::read).toList();
    assertThat(graph.outputs()).hasSameSizeAs(predictions);
    int rows = Math.min(MOST_ROWS, given.get(0).shape()[0]);
    for (int row = 0; row < rows; row++) {
      List<double[]> example = new ArrayList<>();
      for (NpyArray array : given) {
        example.add(row(array, row));
      }
      Map<String, double[]> outputs = GraphEvaluator.outputs(graph, example);
      int k = 0;
      for (Map.Entry<String, double[]> output : outputs.entrySet()) {
        assertClose(
            output.getKey() + " of row " + row, output.getValue(), row(expected.get(k++), row));
      }
    }
  }

  /** Predictions are stored in single precision, so they are compared in it. */
  private static void assertClose(String what, double[] found, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    assertThat(found).as(what).hasSameSizeAs(expected);
    assertThat(found).as(what).containsExactly(expected, within(2e-5 * Math.max(largest, 1)));
  }

  private static double[] row(NpyArray array, int row) {
    double[] all = array.doubles();
    int size = all.length / array.shape()[0];
    return Arrays.copyOfRange(all, row * size, (row + 1) * size);
  }

  static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
