package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.program.Numbers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layer that is imported is explained: contributions sum to the difference of predictions.
 */
class KerasCompletenessTest {

  static Stream<String> cases() throws IOException {
    List<String> names = new ArrayList<>();
    json(KerasFixturesTest.FOLDER.resolve("versions.json"))
        .path("cases")
        .forEach(name -> names.add(name.asText()));
    return names.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void contributionsSumToTheDifferenceFromTheReference(String name) throws IOException {
    Path folder = KerasFixturesTest.FOLDER.resolve(name);
    JsonNode model = json(folder.resolve("case.json")).path("models").path(0);
    Graph graph = ModelForward.read(folder.resolve(model.path("file").asText()), null);
    List<String> targets =
        graph.outputs().keySet().stream().map(output -> "sum('" + output + "')").toList();
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .targets(targets)
            .references(graph.inputs().stream().map(input -> ReferenceMode.given(1)).toList())
            .build();
    List<float[]> inputs =
        graph.inputs().stream()
            .map(input -> Npy.read(folder.resolve(input.name() + ".npy")).floats())
            .toList();
    int rows = inputs.get(0).length / graph.inputs().get(0).shape().size();
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      Attribution found = session.attribute(new Batch(rows, inputs, references(inputs)));
      for (int k = 0; k < rows * targets.size(); k++) {
        double scale = scale(found, graph, k);
        assertThat(Math.abs(found.convergenceDelta().get(k)))
            .as(targets.get(k % targets.size()))
            .isLessThan(1e-5 * scale);
      }
    }
  }

  /** References that differ from the inputs and from zero everywhere. */
  private static List<float[]> references(List<float[]> inputs) {
    List<float[]> references = new ArrayList<>();
    for (float[] input : inputs) {
      float[] reference = new float[input.length];
      for (int i = 0; i < reference.length; i++) {
        reference[i] = 0.3f - 0.4f * input[i];
      }
      references.add(reference);
    }
    return references;
  }

  /** The largest of both predictions and of the sum of |contributions|, by row and target. */
  private static double scale(Attribution found, Graph graph, int k) {
    double sum = 0;
    List<Node> inputs = graph.inputs();
    for (int input = 0; input < inputs.size(); input++) {
      int size = inputs.get(input).shape().size();
      Numbers scores = found.contributions(input);
      for (int i = 0; i < size; i++) {
        sum += Math.abs(scores.get(k * size + i));
      }
    }
    double predictions =
        Math.max(
            Math.abs(found.predictions().get(k)), Math.abs(found.referencePredictions().get(k)));
    return Math.max(sum, predictions);
  }

  private static JsonNode json(Path path) throws IOException {
    return new ObjectMapper().readTree(Files.readString(path));
  }
}
