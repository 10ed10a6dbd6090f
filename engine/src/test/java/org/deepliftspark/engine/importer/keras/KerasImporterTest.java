package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.api.Test;

/** Names, layouts and refusals; what models compute is {@link KerasFixturesTest}'s. */
class KerasImporterTest {
  private static final Path SEQUENTIAL = KerasFixturesTest.FOLDER.resolve("sequential");
  private static final String ARCHITECTURE =
      new String(ModelForward.bytes(SEQUENTIAL.resolve("model.json")), StandardCharsets.UTF_8);
  private static final byte[] WEIGHTS = ModelForward.bytes(SEQUENTIAL.resolve("model_whole.h5"));

  @Test
  void aLayersNameBelongsToItsOutputAndPreactToWhatTheActivationReads() {
    Graph graph = fixture("sequential/model.keras");
    assertThat(graph.find("conv").op()).isInstanceOf(Op.Activation.class);
    assertThat(graph.find("preact_conv").op()).isInstanceOf(Op.Conv.class);
    assertThat(graph.find("dense").op()).isInstanceOf(Op.Dense.class);
    assertThat(graph.find("preact_dense")).isNull();
    assertThat(graph.outputs().keySet()).containsExactly("probability");
  }

  @Test
  void chainsOfConvolutionActivationAndPoolStayChannelsFirst() {
    Graph graph = fixture("sequential/model.h5");
    assertThat(graph.nodes().stream().map(node -> node.op().label()).toList())
        .containsExactly(
            "Input",
            "Transpose",
            "Conv",
            "RELU",
            "MaxPool",
            "Transpose",
            "Reshape",
            "Dense",
            "Dense",
            "Softmax");
    for (String name : List.of("preact_conv", "conv", "pool")) {
      assertThat(graph.find(name).channelsFirst()).as(name).isTrue();
    }
    assertThat(graph.find("pool").shape()).isEqualTo(Shape.of(5, 3));
    assertThat(graph.find("pool").userShape()).isEqualTo(Shape.of(3, 5));
    assertThat(graph.find("flat").channelsFirst()).isFalse();
  }

  @Test
  void inputsAreChannelsLastThoughTheModelIsChannelsFirst() {
    Graph graph = fixture("channels_first/model.h5");
    assertThat(graph.inputs().get(0).shape()).isEqualTo(Shape.of(8, 6, 4));
    assertThat(graph.find("conv").shape()).isEqualTo(Shape.of(3, 8, 6));
    assertThat(graph.find("conv").userShape()).isEqualTo(Shape.of(8, 6, 3));
  }

  @Test
  void callsOfOneLayerAreNumberedAndNestedLayersAreKnownByBothNames() {
    Graph graph = fixture("nested/model.keras");
    assertThat(graph.outputs().keySet()).containsExactly("shared", "shared_1", "conv");
    assertThat(graph.find("shared_1").name()).isEqualTo("shared_1");
    assertThat(graph.find("other/norm")).isNotNull();
    assertThat(graph.find("other/norm_1")).isNotNull();
    assertThat(graph.find("other")).isEqualTo(graph.find("other/norm"));
    assertThat(graph.find("other_1")).isEqualTo(graph.find("other/norm_1"));
    assertThat(graph.find("middle/inner/conv")).isNotNull();
    assertThat(graph.find("norm")).isNotNull();
    assertThat(graph.find("conv").shape())
        .isEqualTo(Shape.of(2, 7)); // the outer layer, not a nested one
  }

  @Test
  void callsOfOneLayerShareItsWeights() {
    Graph graph = fixture("nested/model.h5");
    Node first = graph.find("preact_shared");
    Node second = graph.find("preact_shared_1");
    assertThat(((Op.Dense) first.op()).weight()).isSameAs(((Op.Dense) second.op()).weight());
  }

  @Test
  void aKernelOfAnotherShapeIsNamedWithLayerAndFile() {
    assertThatThrownBy(
            () -> read(ARCHITECTURE.replace("\"kernel_size\": [4]", "\"kernel_size\": [3]")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid kernel of layer 'conv' in model.json (weights): expected shape [3, 4, 5] (width, in, out), found [4, 4, 5]");
  }

  @Test
  void absurdSizesInTheArchitectureAllocateNothing() {
    assertThatThrownBy(() -> read(ARCHITECTURE.replace("\"units\": 2", "\"units\": 2147483647")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid kernel of layer 'dense' in model.json (weights): expected shape [3, 2147483647] (in, out), found [3, 2]");
    assertThatThrownBy(
            () -> read(ARCHITECTURE.replace("[null, 12, 4]", "[null, 2000000000, 2000000000]")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("more than 2^31 - 1 elements");
    assertThatThrownBy(
            () -> read(ARCHITECTURE.replace("\"pool_size\": [3]", "\"pool_size\": [2000000000]")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid pool_size of layer 'pool' in model.json: expected 1 positive numbers, found [2000000000]");
  }

  @Test
  void missingWeightsNameTheLayerAndWhatTheFileHas() {
    assertThatThrownBy(
            () -> read(ARCHITECTURE.replace("\"name\": \"dense\"", "\"name\": \"dense_7\"")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Cannot read model model.json (weights): no weights for layer 'dense_7' (kernel, bias); the file has weights for: conv, dense, dense_0");
  }

  @Test
  void aBiasThatTheSettingsDoNotHaveIsNotIgnored() {
    assertThatThrownBy(
            () -> read(ARCHITECTURE.replace("\"use_bias\": true", "\"use_bias\": false")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid weights of layer 'conv' in model.json (weights): expected 1 (kernel), found 2: net/conv/kernel, net/conv/bias");
  }

  @Test
  void anInputOfUnknownLengthIsNamed() {
    assertThatThrownBy(() -> read(ARCHITECTURE.replace("[null, 12, 4]", "[null, null, 4]")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "Cannot import model.json: input 'sequence' has shape [null,null,4], expected fixed lengths after the batch axis; save the model with an Input of fixed shape");
  }

  @Test
  void layersWithoutARuleAreAllNamedWithTheSettingAtFault() {
    String architecture =
        sequentialOf(
            "{'class_name': 'LSTM', 'config': {'name': 'lstm_1', 'units': 3}}",
            "{'class_name': 'Lambda', 'config': {'name': 'lambda', 'function': ['4wEAAAAAAAAA', null, null]}}",
            "{'class_name': 'ReLU', 'config': {'name': 'relu6', 'max_value': 0.0, 'negative_slope': 0.0, 'threshold': 1.0}}",
            "{'class_name': 'Dense', 'config': {'name': 'd', 'units': 3, 'activation': 'sparsemax'}}",
            "{'module': 'my.layers', 'class_name': 'Dense', 'registered_name': 'my>Dense', 'config': {'name': 'mine', 'units': 3}}",
            "{'class_name': 'TFOpLambda', 'config': {'name': 'op', 'function': 'math.reduce_variance'}}",
            "{'class_name': 'Merge', 'config': {'name': 'm', 'mode': 'sum', 'layers': [{'class_name': 'Sequential', 'config': []}]}}",
            "{'class_name': 'TimeDistributed', 'config': {'name': 't', 'layer': {'class_name': 'GRU', 'config': {'units': 2}}}}",
            "{'class_name': 'Activation', 'config': {'name': 'fine', 'activation': 'relu'}}");
    assertThatThrownBy(() -> read(architecture))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(
            "Cannot import model.json: 8 layers have no DeepLIFT rule: 'lstm_1' (LSTM is recurrent: DeepLIFT has no rule for the products of its gates over the steps), "
                + "'lambda' (Lambda holds code, which is not run: name what it computes by --lambda), 'relu6' (ReLU with max_value 0.0), "
                + "'d' (Dense with activation 'sparsemax'), 'mine' (Dense), 'op' (TFOpLambda of tf.math.reduce_variance), "
                + "'m' (Merge of models in a Sequential), 't' (TimeDistributed of GRU is recurrent: DeepLIFT has no rule for the products of its gates over the steps). Supported: Activation, ActivityRegularization, ");
  }

  @Test
  void oneLayerWithoutARuleIsCountedInTheSingular() {
    assertThatThrownBy(() -> read(sequentialOf("{'class_name': 'GRU', 'config': {'name': 'gru'}}")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(
            "Cannot import model.json: 1 layer has no DeepLIFT rule: 'gru' (GRU is recurrent: DeepLIFT has no rule for the products of its gates over the steps). Supported: ");
  }

  @Test
  void batchStatisticsAtInferenceAreRefused() {
    String architecture =
        functionalOf(
            "{'class_name': 'BatchNormalization', 'name': 'bn', 'config': {'name': 'bn'}, 'inbound_nodes': [[['x', 0, 0, {'training': true}]]]}",
            "bn");
    assertThatThrownBy(() -> read(architecture))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("'bn' (BatchNormalization called with training=True)");
  }

  @Test
  void aLayerThatReadsItselfOrNothingIsAnInvalidArchitecture() {
    String cycle =
        functionalOf(
            "{'class_name': 'Dropout', 'name': 'd', 'config': {'name': 'd'}, 'inbound_nodes': [[['d', 0, 0, {}]]]}",
            "d");
    assertThatThrownBy(() -> read(cycle))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid architecture in model.json: layer 'd' reads call 0 of 'd', which is not there or depends on it");
    String dangling =
        functionalOf(
            "{'class_name': 'Dropout', 'name': 'd', 'config': {'name': 'd'}, 'inbound_nodes': [[['x', 0, 0, {}]]]}",
            "e");
    assertThatThrownBy(() -> read(dangling))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid architecture in model.json: 'm' reads output 0 of call 0 of 'e', which is not there");
  }

  @Test
  void anArchitectureAloneAsksForItsWeights() {
    byte[] json = ARCHITECTURE.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Models.read(ModelSource.of("model.json", json)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot import model.json: it holds an architecture without weights; give the weights file with --weights FILE.h5");
  }

  @Test
  void weightsAloneAskForTheirArchitecture() {
    byte[] weights = ModelForward.bytes(KerasFixturesTest.FOLDER.resolve("keras_2/weights.h5"));
    assertThatThrownBy(() -> Models.read(ModelSource.of("weights.h5", weights)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model weights.h5: it has no architecture");
  }

  @Test
  void weightsGivenApartComeBeforeThoseInTheFile() {
    Path others = KerasFixturesTest.FOLDER.resolve("keras_2/weights.h5");
    for (String file : List.of("model.h5", "model.keras")) {
      assertThatThrownBy(() -> ModelForward.read(SEQUENTIAL.resolve(file), others))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "Invalid kernel of layer 'conv' in "
                  + file
                  + " (weights): expected shape [4, 4, 5] (width, in, out), found [3, 2, 3, 4]");
    }
  }

  @Test
  void jsonThatIsNoArchitectureIsCalledSo() {
    assertThatThrownBy(() -> read("{\"type\": \"FeatureCollection\"}"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Cannot read model model.json: no Keras architecture in it (class unknown, expected Sequential or Functional)");
  }

  @Test
  void theanosKernelsWithoutABackendAreRefused() {
    assertThatThrownBy(() -> fixture("refused_theano.h5"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(
            "layer 'conv' keeps its kernel in Theano's order (dim_ordering 'th')");
  }

  @Test
  void weightsInBfloat16AreRefused() {
    assertThatThrownBy(() -> fixture("refused_bfloat16.keras"))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(
            "'conv' (Conv1D with weights in bfloat16 (save the model in float32))");
  }

  private static Graph fixture(String path) {
    return ModelForward.read(KerasFixturesTest.FOLDER.resolve(path), null);
  }

  static Graph read(String architecture) {
    byte[] json = architecture.getBytes(StandardCharsets.UTF_8);
    return Models.read(new ModelSource("model.json", json, WEIGHTS, null, Map.of()));
  }

  private static String sequentialOf(String... layers) {
    return "{'class_name': 'Sequential', 'config': {'name': 'm', 'layers': [%s]}}"
        .formatted(String.join(", ", layers))
        .replace('\'', '"');
  }

  private static String functionalOf(String layer, String output) {
    return ("{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [{'class_name': 'InputLayer', 'name': 'x', 'config':"
            + " {'name': 'x', 'batch_input_shape': [null, 4]}, 'inbound_nodes': []}, %s], 'input_layers': [['x', 0, 0]],"
            + " 'output_layers': [['%s', 0, 0]]}}")
        .formatted(layer, output)
        .replace('\'', '"');
  }
}
