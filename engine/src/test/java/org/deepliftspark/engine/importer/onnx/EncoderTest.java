package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PyTorch's own attention layers, as both exporters write them: what is computed of them in double.
 */
class EncoderTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/onnx");
  private static final int ROWS = 4;
  private static final double STEP = 1e-3;

  static Stream<String> models() {
    return Stream.of(
            "EncoderBatchFirst",
            "EncoderBatchFirstNormFirst",
            "EncoderBatchSecond",
            "EncoderBatchSecondNormFirst",
            "Multihead")
        .flatMap(net -> Stream.of("_script", "_dynamo").map(by -> "torch_" + net + by));
  }

  private static Graph read(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve(name + ".onnx"));
    return Models.read(ModelSource.of(name + ".onnx", bytes));
  }

  @ParameterizedTest
  @MethodSource("models")
  void contributionsSumToTheDifferenceFromTheReference(String name) throws IOException {
    Graph graph = read(name);
    for (String method : List.of("rescale", "reveal-cancel")) {
      Attribution found = attribute(graph, method, numbers(1, graph), numbers(2, graph));
      int size = size(graph);
      for (int k = 0; k < 2 * ROWS; k++) {
        double[] row =
            Arrays.copyOfRange(found.contributions(0).doubles(), k * size, (k + 1) * size);
        double mass = Arrays.stream(row).map(Math::abs).sum();
        double delta = found.predictions().get(k) - found.referencePredictions().get(k);
        assertThat(Math.abs(delta)).isGreaterThan(1e-4);
        assertThat(Arrays.stream(row).sum()).isCloseTo(delta, offset(1e-11 * Math.max(1, mass)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void multipliersAreTheGradientWhereReferenceEqualsInput(String name) throws IOException {
    Graph graph = read(name);
    float[] x = numbers(3, graph);
    double[] multipliers = attribute(graph, "rescale", x, x).multipliers(0).doubles();
    int size = size(graph);
    double largest = Arrays.stream(multipliers).map(Math::abs).max().orElse(0);
    assertThat(largest).isGreaterThan(1e-2);
    for (int row = 1; row < ROWS; row += 2) {
      double[] point = new double[size];
      for (int i = 0; i < size; i++) {
        point[i] = x[row * size + i];
      }
      for (int i = 0; i < size; i++) {
        double[] wide = slopes(graph, point, i, 2 * STEP);
        double[] narrow = slopes(graph, point, i, STEP);
        for (int target = 0; target < narrow.length; target++) {
          assertThat(multipliers[(row * narrow.length + target) * size + i])
              .as("row %d, target %d, element %d", row, target, i)
              .isCloseTo((4 * narrow[target] - wide[target]) / 3, offset(1e-6 * largest));
        }
      }
    }
  }

  /** Central differences of all outputs by one element. */
  private static double[] slopes(Graph graph, double[] point, int element, double step) {
    double[] up = point.clone();
    double[] down = point.clone();
    up[element] += step;
    down[element] -= step;
    double[] above = GraphEvaluator.outputs(graph, List.of(up)).get("y");
    double[] below = GraphEvaluator.outputs(graph, List.of(down)).get("y");
    double[] slopes = new double[above.length];
    Arrays.setAll(slopes, target -> (above[target] - below[target]) / (2 * step));
    return slopes;
  }

  @ParameterizedTest
  @MethodSource("models")
  void aRowIsExplainedAsIfItWereAlone(String name) throws IOException {
    Graph graph = read(name);
    int size = size(graph);
    float[] x = numbers(4, graph);
    float[] references = numbers(5, graph);
    float[] others = numbers(6, graph);
    System.arraycopy(x, size, others, 2 * size, size);
    float[] otherReferences = numbers(7, graph);
    System.arraycopy(references, size, otherReferences, 2 * size, size);

    double[] found = attribute(graph, "rescale", x, references).contributions(0).doubles();
    double[] again =
        attribute(graph, "rescale", others, otherReferences).contributions(0).doubles();
    assertThat(Arrays.copyOfRange(again, 4 * size, 6 * size))
        .isEqualTo(Arrays.copyOfRange(found, 2 * size, 4 * size));
  }

  private static Attribution attribute(
      Graph graph, String method, float[] inputs, float[] references) {
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .backend("nd4j")
            .precision(Precision.F64)
            .method(method)
            .multipliers(true)
            .targets(List.of("0", "1"))
            .references(List.of(ReferenceMode.given(1)))
            .build();
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      return session.attribute(new Batch(ROWS, List.of(inputs), List.of(references)));
    }
  }

  private static int size(Graph graph) {
    return graph.inputs().get(0).shape().size();
  }

  private static float[] numbers(long seed, Graph graph) {
    Random random = new Random(seed);
    float[] numbers = new float[ROWS * size(graph)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
