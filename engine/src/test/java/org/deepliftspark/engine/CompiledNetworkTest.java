package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import onnx.Onnx;
import org.deepliftspark.engine.GoldenCase.Setting;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.RuleProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that {@code compile} writes, run by ONNX Runtime alone, against the engine. */
class CompiledNetworkTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path TWO_INPUTS = GOLDEN.resolve("onnx/arithmetic_opset13.onnx");

  /** Of the largest contribution. */
  private static final double TOLERANCE = 2e-6;

  /** A model file of a case by a method. */
  record Compiled(GoldenCase golden, String model, Setting setting) {
    @Override
    public String toString() {
      return golden.name() + " " + model + " " + setting;
    }
  }

  static Stream<Compiled> compiled() {
    List<Compiled> all = new ArrayList<>();
    for (GoldenCase golden : GoldenCase.in(GOLDEN.resolve("attribution"))) {
      for (String model : golden.models()) {
        golden.settings().forEach(setting -> all.add(new Compiled(golden, model, setting)));
      }
    }
    GoldenCase every = golden("conv1d_maxpool");
    for (String form : Method.forms()) {
      String method = written(form);
      if (!Method.of(method).asksPoints()) {
        all.add(new Compiled(every, "model.onnx", new Setting(method, "default")));
      }
    }
    return all.stream();
  }

  /** A method as a user would write it, without what may be left out. */
  private static String written(String form) {
    String required = form.replaceAll("\\[[^\\]]*\\]", "");
    return required
        .replaceAll(":(STEPS|WINDOW|N|ALPHA)\\b", ":3")
        .replaceAll(":(EPS|SIGMA|GAMMA)\\b", ":0.1");
  }

  @Test
  void refusesMethodsThatAskForPointsOfTheirOwn() throws Exception {
    Graph graph = golden("conv1d_maxpool").graph("model.onnx");
    List<String> asking =
        Method.forms().stream()
            .map(CompiledNetworkTest::written)
            .filter(method -> Method.of(method).asksPoints())
            .toList();
    assertThat(asking).contains("occlusion:3", "smoothgrad:3:0.1");
    for (String method : asking) {
      DeepLiftOptions options =
          DeepLiftOptions.builder().method(method).targets(List.of("0")).build();
      assertThatThrownBy(() -> CompiledNetwork.onnx(graph, options, Map.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot write "
                  + method
                  + " as an ONNX file: it asks the network at points of its own, and a file holds one"
                  + " pass; use attribute or score");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compiled")
  void givesTheEnginesNumbersForAnyNumberOfReferences(Compiled run) throws Exception {
    Graph graph = run.golden().graph(run.model());
    String target = target(run, graph.outputs().size() == 1);
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(run.setting().method())
            .profile(RuleProfile.of(run.setting().profile()))
            .targets(List.of(target))
            .references(List.of(ReferenceMode.given(1)))
            .hypothetical(!run.setting().method().contains("grad-cam")) // which has none
            .backend("onnx")
            .build();
    try (OrtSession session = open(CompiledNetwork.onnx(graph, options, Map.of()))) {
      NpyArray references = run.golden().references();
      int most = references.shape()[1];
      for (int count : List.of(1, most, most + 2)) {
        compare(session, graph, options, run.golden(), count);
      }
    }
  }

  private static String target(Compiled run, boolean singleOutput) {
    return run.golden().settings().stream()
        .flatMap(setting -> run.golden().expected(setting, singleOutput).stream())
        .findFirst()
        .orElseThrow()
        .targetText();
  }

  private static void compare(
      OrtSession session, Graph graph, DeepLiftOptions options, GoldenCase golden, int count)
      throws OrtException {
    Shape shape = graph.inputs().get(0).shape();
    float[] input = Arrays.copyOf(golden.inputs().floats(), shape.size());
    float[] references = cycled(golden.references().floats(), count * shape.size(), shape.size());
    Map<String, float[]> found =
        run(session, graph, Map.of("input", input), Map.of("reference", references));
    DeepLiftOptions counted = options.withReferences(List.of(ReferenceMode.given(count)));
    try (DeepLift engine = DeepLift.open(graph, counted);
        DeepLift.Session engineSession = engine.newSession()) {
      Attribution wanted =
          engineSession.attribute(new Batch(1, List.of(input), List.of(references)));
      assertClose(found.get("contributions"), wanted.contributions(0).floats());
      if (options.hypothetical()) {
        assertClose(found.get("hypothetical"), wanted.hypothetical(0).floats());
      }
      assertClose(found.get("prediction"), wanted.predictions().floats());
      assertClose(found.get("reference_prediction"), wanted.referencePredictions().floats());
      assertDeltas(found, wanted);
    }
  }

  /** References from the first on, and from the first again where there are no more. */
  private static float[] cycled(float[] all, int length, int size) {
    float[] cycled = new float[length];
    for (int from = 0; from < length; from += size) {
      System.arraycopy(all, from % all.length, cycled, from, size);
    }
    return cycled;
  }

  private static void assertClose(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double largest = 1e-6;
    for (float number : wanted) {
      largest = Math.max(largest, Math.abs(number));
    }
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(wanted[i], within(TOLERANCE * largest));
    }
  }

  /** Sums in float against sums in double: within what rounding may leave. */
  private static void assertDeltas(Map<String, float[]> found, Attribution wanted) {
    float[] deltas = found.get("convergence_delta");
    assertThat(deltas).hasSameSizeAs(wanted.convergenceDelta().floats());
    double scale = Math.abs(wanted.predictions().get(0));
    for (int i = 0; i < deltas.length; i++) {
      scale = Math.max(scale, Math.abs(wanted.referencePredictions().get(i)));
    }
    double sum = 0;
    for (float contribution : wanted.contributions(0).floats()) {
      sum += Math.abs(contribution);
    }
    for (int i = 0; i < deltas.length; i++) {
      assertThat((double) deltas[i])
          .isCloseTo(wanted.convergenceDelta().get(i), within(1e-5 * Math.max(scale, sum)));
    }
  }

  /** Named as the engine names it: a JVM has one. */
  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "deeplift-spark");
  }

  private static OrtSession open(byte[] file) throws OrtException {
    return environment().createSession(file);
  }

  /** Runs a file with channels-last arrays; arrays of the file are laid out as its inputs say. */
  private static Map<String, float[]> run(
      OrtSession session, Graph graph, Map<String, float[]> inputs, Map<String, float[]> references)
      throws OrtException {
    OrtEnvironment environment = environment();
    Map<String, OnnxTensor> tensors = new HashMap<>();
    Map<String, float[]> all = new HashMap<>(inputs);
    all.putAll(references);
    for (Map.Entry<String, float[]> entry : all.entrySet()) {
      Node input = inputOf(graph, entry.getKey());
      long[] dims = ((TensorInfo) session.getInputInfo().get(entry.getKey()).getInfo()).getShape();
      dims[0] = entry.getValue().length / input.shape().size();
      float[] laidOut = toFile(entry.getValue(), input);
      tensors.put(
          entry.getKey(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(laidOut), dims));
    }
    Map<String, float[]> found = new HashMap<>();
    try (OrtSession.Result result = session.run(tensors)) {
      for (Map.Entry<String, OnnxValue> output : result) {
        FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] numbers = new float[buffer.remaining()];
        buffer.get(numbers);
        boolean perCell = output.getKey().matches("(contributions|hypothetical).*");
        Node input = inputOf(graph, output.getKey());
        found.put(output.getKey(), perCell ? fromFile(numbers, input) : numbers);
      }
    }
    tensors.values().forEach(OnnxTensor::close);
    return found;
  }

  private static Node inputOf(Graph graph, String array) {
    return graph.inputs().stream()
        .filter(node -> array.endsWith("_" + node.name()))
        .findFirst()
        .orElse(graph.inputs().get(0));
  }

  private static float[] toFile(float[] channelsLast, Node input) {
    if (!((Op.Input) input.op()).fileChannelsFirst()) {
      return channelsLast;
    }
    int channels = input.shape().dim(-1);
    int cells = input.shape().size() / channels;
    float[] first = new float[channelsLast.length];
    for (int i = 0; i < first.length; i++) {
      int row = i / (cells * channels);
      int within = i % (cells * channels);
      first[row * cells * channels + within % channels * cells + within / channels] =
          channelsLast[i];
    }
    return first;
  }

  private static float[] fromFile(float[] numbers, Node input) {
    if (!((Op.Input) input.op()).fileChannelsFirst()) {
      return numbers;
    }
    int channels = input.shape().dim(-1);
    int cells = input.shape().size() / channels;
    float[] last = new float[numbers.length];
    for (int i = 0; i < last.length; i++) {
      last[i] = numbers[i % channels * cells + i / channels];
    }
    return last;
  }

  @Test
  void keepsTheLayoutOfTheModelsFile() throws Exception {
    GoldenCase golden = golden("conv1d_dilated");
    Graph graph = golden.graph("model.onnx");
    try (OrtSession session = open(CompiledNetwork.onnx(graph, options(graph), Map.of()))) {
      assertThat(shape(session.getInputInfo().get("input").getInfo())).containsExactly(1, 4, 60);
      assertThat(shape(session.getInputInfo().get("reference").getInfo()))
          .containsExactly(-1, 4, 60);
      assertThat(shape(session.getOutputInfo().get("contributions").getInfo()))
          .containsExactly(1, 4, 60);
      assertThat(shape(session.getOutputInfo().get("prediction").getInfo())).containsExactly(1);
      assertThat(shape(session.getOutputInfo().get("reference_prediction").getInfo()))
          .containsExactly(-1);
      assertThat(shape(session.getOutputInfo().get("convergence_delta").getInfo()))
          .containsExactly(-1);
      assertThat(session.getOutputNames())
          .containsExactly(
              "contributions", "prediction", "reference_prediction", "convergence_delta");
    }
  }

  @Test
  void keepsChannelsLastOfKeras() throws Exception {
    Graph graph = golden("conv2d_h5_softmax").graph("model.h5");
    try (OrtSession session = open(CompiledNetwork.onnx(graph, options(graph, "2-0"), Map.of()))) {
      assertThat(shape(session.getInputInfo().get("input").getInfo())).containsExactly(1, 10, 9, 3);
    }
  }

  private static long[] shape(ValueInfo info) {
    return ((TensorInfo) info).getShape();
  }

  @Test
  void namesTheArraysOfSeveralInputsByInput() throws Exception {
    Graph graph = twoInputs();
    List<String> names = graph.inputs().stream().map(Node::name).toList();
    try (OrtSession session =
        open(CompiledNetwork.onnx(graph, options(graph, "mul5:0"), Map.of()))) {
      List<String> expected = new ArrayList<>();
      names.forEach(name -> expected.addAll(List.of("input_" + name, "reference_" + name)));
      assertThat(session.getInputNames()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(session.getOutputNames())
          .contains("contributions_" + names.get(0), "contributions_" + names.get(1));
      Map<String, float[]> inputs = new HashMap<>();
      Map<String, float[]> references = new HashMap<>();
      List<float[]> rows = new ArrayList<>();
      List<float[]> ofRows = new ArrayList<>();
      for (Node input : graph.inputs()) {
        rows.add(draws(input.shape().size(), input.id() + 1));
        ofRows.add(draws(2 * input.shape().size(), input.id() + 10));
        inputs.put("input_" + input.name(), rows.get(rows.size() - 1));
        references.put("reference_" + input.name(), ofRows.get(rows.size() - 1));
      }
      Map<String, float[]> found = run(session, graph, inputs, references);
      DeepLiftOptions two =
          options(graph, "mul5:0").withReferences(Collections.nCopies(2, ReferenceMode.given(2)));
      try (DeepLift engine = DeepLift.open(graph, two);
          DeepLift.Session engineSession = engine.newSession()) {
        Attribution wanted = engineSession.attribute(new Batch(1, rows, ofRows));
        for (int i = 0; i < names.size(); i++) {
          assertClose(found.get("contributions_" + names.get(i)), wanted.contributions(i).floats());
        }
        assertDeltas(found, wanted);
      }
    }
  }

  @Test
  void takesNoReferenceOfAnInputThatIsHeld() throws Exception {
    Graph graph = twoInputs();
    DeepLiftOptions held =
        options(graph, "mul5:0")
            .withReferences(List.of(ReferenceMode.given(1), ReferenceMode.hold()));
    try (OrtSession session = open(CompiledNetwork.onnx(graph, held, Map.of()))) {
      String name = graph.inputs().get(1).name();
      assertThat(session.getInputNames()).contains("input_" + name);
      assertThat(session.getInputNames()).doesNotContain("reference_" + name);
      assertThat(session.getOutputNames()).doesNotContain("contributions_" + name);
    }
  }

  @Test
  void usesOperatorsOfOnnxOnlyAndSaysWhatItIs() throws Exception {
    Graph graph = golden("conv1d_maxpool").graph("model.onnx");
    byte[] file =
        CompiledNetwork.onnx(graph, options(graph), Map.of("deeplift.model_sha256", "abc"));
    Onnx.ModelProto model = Onnx.ModelProto.parseFrom(file);
    assertThat(model.getOpsetImportList()).hasSize(1);
    assertThat(model.getOpsetImport(0).getDomain()).isEmpty();
    assertThat(model.getGraph().getNodeList()).allMatch(node -> node.getDomain().isEmpty());
    Map<String, String> metadata = new HashMap<>();
    model.getMetadataPropsList().forEach(one -> metadata.put(one.getKey(), one.getValue()));
    assertThat(metadata)
        .containsEntry("deeplift.method", "rescale")
        .containsEntry("deeplift.profile", "default")
        .containsEntry("deeplift.target", "0")
        .containsEntry("deeplift.model_sha256", "abc");
  }

  @Test
  void explainsOneTarget() {
    Graph graph = golden("conv2d_h5_softmax").graph("model.h5");
    assertThatThrownBy(() -> CompiledNetwork.onnx(graph, options(graph, "all"), Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching("Invalid targets: an ONNX file explains one, found \\d");
  }

  @Test
  void refusesToHoldEveryInput() {
    Graph graph = golden("conv1d_dilated").graph("model.onnx");
    DeepLiftOptions held = options(graph).withReferences(List.of(ReferenceMode.hold()));
    assertThatThrownBy(() -> CompiledNetwork.onnx(graph, held, Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid references: every input is held, none is explained");
  }

  private static GoldenCase golden(String name) {
    return GoldenCase.in(GOLDEN.resolve("attribution")).stream()
        .filter(one -> one.folder().endsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static Graph twoInputs() throws Exception {
    return Models.read(ModelSource.of("two.onnx", Files.readAllBytes(TWO_INPUTS)));
  }

  private static DeepLiftOptions options(Graph graph) {
    return options(graph, "0");
  }

  private static DeepLiftOptions options(Graph graph, String target) {
    return DeepLiftOptions.builder()
        .targets(List.of(target))
        .references(Collections.nCopies(graph.inputs().size(), ReferenceMode.given(1)))
        .backend("onnx")
        .build();
  }

  private static float[] draws(int length, int seed) {
    Random random = new Random(seed);
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
