package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepliftspark.engine.SumsToDelta;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Models of scripts/golden/onnx_models.py: what is imported computes what ONNX Runtime did. */
class OnnxGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/onnx");

  /** Predictions are in single precision. */
  private static final double TOLERANCE = 1e-5;

  @TestFactory
  Stream<DynamicTest> theImportedGraphComputesWhatOnnxRuntimeDid() throws IOException {
    List<Path> models;
    try (Stream<Path> files = Files.list(FOLDER)) {
      models = files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
    assertThat(models).hasSizeGreaterThan(80);
    return models.stream().map(model -> DynamicTest.dynamicTest(nameOf(model), () -> check(model)));
  }

  /** Outputs that sum to a constant, or that a softmax saturates, are told by other tests. */
  @TestFactory
  Stream<DynamicTest> contributionsSumToTheDifferenceFromTheReference() throws IOException {
    List<Path> models;
    try (Stream<Path> files = Files.list(FOLDER)) {
      models = files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
    return models.stream()
        .map(model -> DynamicTest.dynamicTest(nameOf(model), () -> checkSums(model)));
  }

  private static void checkSums(Path model) throws IOException {
    JsonNode expected = expectedOf(model);
    List<float[]> inputs = new ArrayList<>();
    for (JsonNode input : expected.path("inputs")) {
      double[] values = numbers(input);
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      inputs.add(floats);
    }
    SumsToDelta.assertSums(read(model, expected), inputs);
  }

  private static String nameOf(Path model) {
    return model.getFileName().toString().replace(".onnx", "");
  }

  private static JsonNode expectedOf(Path model) throws IOException {
    return new ObjectMapper().readTree(FOLDER.resolve(nameOf(model) + ".json").toFile());
  }

  private static Graph read(Path model, JsonNode expected) throws IOException {
    Map<String, InputLayout> layouts = new HashMap<>();
    expected
        .path("layouts")
        .fields()
        .forEachRemaining(
            entry ->
                layouts.put(
                    entry.getKey(),
                    InputLayout.valueOf(
                        entry.getValue().asText().replace('-', '_').toUpperCase(Locale.ROOT))));
    ModelSource source =
        new ModelSource(
            model.getFileName().toString(), Files.readAllBytes(model), null, FOLDER, layouts);
    return new OnnxImporter().read(source);
  }

  private static void check(Path model) throws IOException {
    JsonNode expected = expectedOf(model);
    Graph graph = read(model, expected);
    List<double[]> inputs = new ArrayList<>();
    for (JsonNode input : expected.path("inputs")) {
      inputs.add(numbers(input));
    }
    int k = 0;
    for (Node input : graph.inputs()) {
      assertThat(input.name()).isEqualTo(expected.path("inputs").path(k).path("name").asText());
      assertThat(input.shape().dims()).isEqualTo(oneExample(expected.path("inputs").path(k++)));
    }
    assertThat(graph.outputs()).hasSize(expected.path("outputs").size());
    int rows = expected.path("inputs").path(0).path("shape").path(0).asInt();
    for (int row = 0; row < rows; row++) {
      int at = row;
      Map<String, double[]> found =
          GraphEvaluator.outputs(graph, inputs.stream().map(all -> row(all, at, rows)).toList());
      for (JsonNode output : expected.path("outputs")) {
        requireClose(output.path("name").asText(), found, row(numbers(output), row, rows));
      }
    }
  }

  private static void requireClose(String output, Map<String, double[]> found, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    assertThat(found).containsKey(output);
    assertThat(found.get(output))
        .as(output)
        .hasSameSizeAs(expected)
        .containsExactly(expected, within(TOLERANCE * Math.max(1, largest)));
  }

  private static int[] oneExample(JsonNode array) {
    int[] shape = new int[array.path("shape").size() - 1];
    Arrays.setAll(shape, axis -> array.path("shape").path(axis + 1).asInt());
    return shape;
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.path("values").size()];
    Arrays.setAll(values, i -> array.path("values").path(i).asDouble());
    return values;
  }

  private static double[] row(double[] all, int row, int rows) {
    int size = all.length / rows;
    return Arrays.copyOfRange(all, row * size, (row + 1) * size);
  }

  @Test
  void outputsAreSpreadOverTheirShape() throws IOException {
    Path model = FOLDER.resolve("torch_ProfileNet_dynamo.onnx");
    Graph graph = read(model, expectedOf(model));

    assertThat(graph.outputs().get("profile").shape().dims()).containsExactly(2, 16);
    assertThat(graph.outputs().get("profile").userShape().dims()).containsExactly(16, 2);
    assertThat(graph.outputs().get("count").userShape().dims()).containsExactly(1);
  }

  @Test
  void activationsThatExportersWriteInPiecesBecomeOneNode() throws IOException {
    Path model = FOLDER.resolve("fused_activations_opset13.onnx");
    Map<Kind, Long> counts = activations(read(model, expectedOf(model)));

    assertThat(counts)
        .containsOnly(
            Map.entry(Kind.GELU, 6L),
            Map.entry(Kind.GELU_TANH, 4L),
            Map.entry(Kind.SILU, 3L),
            Map.entry(Kind.SOFTPLUS, 2L),
            Map.entry(Kind.SIGMOID, 1L));
  }

  @Test
  void activationsOfPyTorchBecomeOneNodeEach() throws IOException {
    for (String exporter : List.of("dynamo", "script")) {
      Path model = FOLDER.resolve("torch_ActivationNet_" + exporter + ".onnx");
      Graph graph = read(model, expectedOf(model));

      assertThat(activations(graph))
          .containsOnlyKeys(
              Kind.GELU,
              Kind.GELU_TANH,
              Kind.SILU,
              Kind.SOFTPLUS,
              Kind.MISH,
              Kind.SELU,
              Kind.SOFTSIGN,
              Kind.LEAKY_RELU,
              Kind.TANH,
              Kind.ELU,
              Kind.EXPONENTIAL,
              Kind.PRELU)
          .hasSize(12)
          .allSatisfy((kind, count) -> assertThat(count).isEqualTo(1));
    }
  }

  private static Map<Kind, Long> activations(Graph graph) {
    return graph.nodes().stream()
        .map(Node::op)
        .filter(Op.Activation.class::isInstance)
        .collect(
            Collectors.groupingBy(
                op -> ((Op.Activation) op).function().kind(), Collectors.counting()));
  }

  @Test
  void aBiasAddedBehindAProductIsPartOfIt() throws IOException {
    Path matmul = FOLDER.resolve("matmul.onnx");
    List<Op> dense = ops(read(matmul, expectedOf(matmul)), Op.Dense.class);
    assertThat(dense.stream().filter(op -> ((Op.Dense) op).bias() != null)).hasSize(2);

    Path conv = FOLDER.resolve("conv_and_bias_added_opset13.onnx");
    Graph graph = read(conv, expectedOf(conv));
    assertThat(ops(graph, Op.Conv.class).stream().filter(op -> ((Op.Conv) op).bias() != null))
        .hasSize(2);
    assertThat(ops(graph, Op.Binary.class)).hasSize(1);
  }

  private static List<Op> ops(Graph graph, Class<? extends Op> type) {
    return graph.nodes().stream().map(Node::op).filter(type::isInstance).toList();
  }

  @Test
  void transposesThatUndoEachOtherAreLeftOut() throws IOException {
    Path model = FOLDER.resolve("tf2onnx_image_opset13.onnx");
    Graph graph = read(model, expectedOf(model));

    assertThat(graph.inputs().get(0).shape().dims()).containsExactly(8, 6, 3);
    // The fourth of six undoes the third; Relu is read in its place, and nothing reads the third.
    assertThat(graph.find("transpose6")).isNotNull().isSameAs(graph.find("relu4"));
    assertThat(ops(graph, Op.Transpose.class)).hasSize(5);
  }

  @Test
  void nodesAreFoundByTheirNameAndByThatOfTheirOutput() throws IOException {
    Path model = FOLDER.resolve("torch_SequenceNet_script.onnx");
    Graph graph = read(model, expectedOf(model));

    Node byName = graph.find("/conv/Conv");
    assertThat(byName).isNotNull().isSameAs(graph.find("/conv/Conv_output_0"));
    assertThat(graph.find("y"))
        .isSameAs(graph.outputs().get("y"))
        .isSameAs(graph.find("/dense/Gemm"));
  }
}
