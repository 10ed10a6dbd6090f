package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.SumsToDelta;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.npy.Npy;
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
    JsonNode json = json(folder.resolve("case.json"));
    Path file = folder.resolve(json.path("models").path(0).path("file").asText());
    Graph graph = ModelForward.read(file, null, KerasFixturesTest.lambdas(json));
    List<float[]> inputs =
        graph.inputs().stream()
            .map(input -> Npy.read(folder.resolve(input.name() + ".npy")).floats())
            .toList();
    SumsToDelta.assertSums(graph, inputs);
  }

  private static JsonNode json(Path path) throws IOException {
    return new ObjectMapper().readTree(Files.readString(path));
  }
}
