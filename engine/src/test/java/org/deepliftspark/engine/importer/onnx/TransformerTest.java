package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An encoder layer as PyTorch's two exporters write it: attention with two heads, two norms. */
class TransformerTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/onnx");
  private static final int ROWS = 3;

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "torch_TransformerNet_script, rescale",
    "torch_TransformerNet_dynamo, rescale",
    "torch_TransformerNet_dynamo, reveal-cancel"
  })
  void contributionsSumToTheDifferenceFromTheReference(String name, String method)
      throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve(name + ".onnx"));
    Graph graph = Models.read(ModelSource.of(name + ".onnx", bytes));
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(method)
            .targets(List.of("0", "1"))
            .references(List.of(ReferenceMode.given(1)))
            .build();
    int size = graph.inputs().get(0).shape().size();
    Batch batch = new Batch(ROWS, List.of(numbers(1, size)), List.of(numbers(2, size)));
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      Attribution found = session.attribute(batch);
      for (int k = 0; k < 2 * ROWS; k++) {
        double sum = 0;
        double mass = 0;
        for (int i = k * size; i < (k + 1) * size; i++) {
          sum += found.contributions(0).get(i);
          mass += Math.abs(found.contributions(0).get(i));
        }
        double delta = found.predictions().get(k) - found.referencePredictions().get(k);
        assertThat(Math.abs(delta)).isGreaterThan(1e-3);
        assertThat(sum).isCloseTo(delta, offset(1e-5 * Math.max(1, mass)));
      }
    }
  }

  private static float[] numbers(long seed, int size) {
    Random random = new Random(seed);
    float[] numbers = new float[ROWS * size];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
