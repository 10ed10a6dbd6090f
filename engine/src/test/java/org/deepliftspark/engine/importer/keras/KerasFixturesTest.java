package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Imports the project's own Keras models; {@code scripts/golden/keras_models.py} made them. */
class KerasFixturesTest {
  static final Path FOLDER = Path.of("src/test/resources/golden/keras");

  @TestFactory
  Stream<DynamicTest> everyLayerAndFormatPredictsWhatKerasPredicted() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode name : json(FOLDER.resolve("versions.json")).path("cases")) {
      Path folder = FOLDER.resolve(name.asText());
      JsonNode json = json(folder.resolve("case.json"));
      for (JsonNode model : json.path("models")) {
        String file = model.path("file").asText();
        Path weights =
            model.path("weights").isTextual()
                ? folder.resolve(model.path("weights").asText())
                : null;
        tests.add(
            DynamicTest.dynamicTest(
                name.asText() + "/" + file,
                () ->
                    check(
                        ModelForward.read(folder.resolve(file), weights, lambdas(json)),
                        folder,
                        json)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(25);
    return tests.stream();
  }

  private static void check(Graph graph, Path folder, JsonNode json) {
    List<String> inputs = texts(json.path("inputs"));
    List<String> outputs = texts(json.path("outputs"));
    assertThat(graph.inputs()).extracting(Node::name).containsExactlyElementsOf(inputs);
    if (outputs.stream().distinct().count()
        == outputs.size()) { // a layer that is two outputs has one name in Keras
      assertThat(graph.outputs().keySet()).containsExactlyElementsOf(outputs);
    }
    ModelForward.assertPredicts(graph, arrays(folder, inputs), outputs(folder, outputs.size()));
  }

  /** What a case says that its Lambda layers compute. */
  static Map<String, String> lambdas(JsonNode json) {
    Map<String, String> lambdas = new LinkedHashMap<>();
    json.path("lambdas")
        .properties()
        .forEach(entry -> lambdas.put(entry.getKey(), entry.getValue().asText()));
    return lambdas;
  }

  private static List<Path> arrays(Path folder, List<String> names) {
    return names.stream().map(name -> folder.resolve(name + ".npy")).toList();
  }

  private static List<Path> outputs(Path folder, int count) {
    return IntStream.range(0, count).mapToObj(k -> folder.resolve("output_" + k + ".npy")).toList();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(entry -> texts.add(entry.asText()));
    return texts;
  }

  private static JsonNode json(Path path) throws IOException {
    return new ObjectMapper().readTree(Files.readString(path));
  }
}
