package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepliftspark.engine.importer.onnx.TestModel.attribute;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.junit.jupiter.api.Test;

/** Well-formed models that cannot be explained: every reason is told, and all nodes at once. */
class UnsupportedOnnxTest {

  private static void assertUnsupported(TestModel model, String message) {
    assertThatThrownBy(model::read)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(message);
  }

  /** Asserts that the model's only trouble is the one node 'n'. */
  private static void assertRefused(TestModel model, String node) {
    assertUnsupported(
        model,
        "Cannot import model.onnx: 1 node has no DeepLIFT rule: 'n' (" + node + "). Supported: ");
  }

  @Test
  void allNodesWithoutARuleAreNamedAtOnce() {
    TestModel model =
        TestModel.of(4, 10)
            .node("lstm1", "LSTM", "x", "a")
            .node("pass", "Relu", "a", "b")
            .node("/act/Sin", "Sin", "b", "c")
            .node("half", "Relu", "x", "d")
            .node("sum", "Add", "c d", "y");

    assertUnsupported(
        model,
        "Cannot import model.onnx: 2 nodes have no DeepLIFT rule: 'lstm1' (LSTM: it is recurrent, and DeepLIFT has no rule for the products of its gates over the steps), "
            + "'/act/Sin' (Sin). Supported: Abs, Add, AveragePool, ");
  }

  @Test
  void nodesThatNoOutputNeedsAreNoTrouble() {
    Graph graph =
        TestModel.of(4, 10)
            .node("r", "Relu", "x", "y")
            .node("l", "LSTM", "x", "z")
            .zeros("c", 1)
            .node("first", "Conv", "x c", "never")
            .read();
    assertThat(graph.find("l")).isNull();
  }

  @Test
  void operatorsOfOtherDomainsAreNamedWithTheirDomain() {
    assertThat(new OnnxNode("n", "Gelu", "com.microsoft", List.of(), List.of(), Map.of()).label())
        .isEqualTo("'n' (com.microsoft.Gelu)");
  }

  @Test
  void whatMixesTheExamplesOfABatchIsRefused() {
    assertRefused(
        TestModel.of(6).node("n", "Softmax", "x", "y", attribute("axis", 0)),
        "Softmax: it works along the batch axis");
    assertRefused(
        TestModel.of(6).node("n", "Concat", "x x", "y", attribute("axis", 0)),
        "Concat: it works along the batch axis");
    assertRefused(
        TestModel.of(6).node("n", "ReduceSum", "x", "y"),
        "ReduceSum: without axes it mixes the examples of a batch");
    assertRefused(
        TestModel.of(6).node("n", "ReduceMean", "x", "y", attribute("axes", new long[] {0})),
        "ReduceMean: it works along the batch axis");
    assertRefused(
        TestModel.of(6).integers("s", 3, -1).node("n", "Reshape", "x s", "y"),
        "Reshape: to [3, -1] mixes the batch axis with other axes of [6]");
    assertRefused(
        TestModel.of(6).integers("s", 0).integers("e", 1).node("n", "Slice", "x s e", "y"),
        "Slice: it works along the batch axis");
    assertRefused(
        TestModel.of(6).zeros("c", 3, 6).node("n", "Add", "x c", "y"),
        "Add: a constant of shape [3, 6] does not apply to each example of the batch alike");
    assertRefused(
        TestModel.of(6)
            .input("z", 4, 6)
            .node("s", "Relu", "x", "v")
            .node("n", "Mul", "v z", "y")
            .opset(17),
        "Mul: operands with 2 and 3 axes mix the examples of a batch");
    assertRefused(
        TestModel.of(6).zeros("w", 6, 2).node("n", "Gemm", "x w", "y", attribute("transA", 1)),
        "Gemm: transA=1 mixes the examples of a batch");
  }

  @Test
  void formsWithoutACounterpartAreRefusedWithTheReason() {
    assertRefused(
        TestModel.of(6).node("n", "Hardmax", "x", "y"),
        "Hardmax: which element it takes depends on the input and has no slope");
    assertRefused(
        TestModel.of(6).node("n", "MatMul", "x x", "y"),
        "MatMul: factors [6] and [6] mix the examples of a batch");
    assertRefused(
        TestModel.of(6).node("n", "Cast", "x", "y", attribute("to", 7)),
        "Cast: to int64, which rounds");
    assertRefused(
        TestModel.of(6)
            .integers("p", 0, 1, 0, 1)
            .node("n", "Pad", "x p", "y", attribute("mode", "reflect")),
        "Pad: mode reflect");
    assertRefused(
        TestModel.of(6).node("n", "Floor", "x", "y"),
        "Floor: it is constant but for its jumps, so no slope describes it");
    assertRefused(
        TestModel.of(6).input("z", 6).node("c", "Relu", "x", "b").node("n", "Where", "b x z", "y"),
        "Where: its condition depends on the input, and it chooses between what is no function of one tensor");
    assertRefused(
        TestModel.of(6)
            .integers("s", 4, 2, 6)
            .node("u", "Reshape", "x r", "v")
            .integers("r", -1, 1, 6)
            .node("n", "Expand", "v s", "y"),
        "Expand: to 4 along an axis of the batch or of more than one cell");
    assertRefused(
        TestModel.of(4, 8)
            .node("n", "MaxPool", "x", "y i", attribute("kernel_shape", new long[] {2}))
            .output("i"),
        "MaxPool: its output 'i' is used");
    assertRefused(
        TestModel.of(4, 8)
            .node(
                "n",
                "MaxPool",
                "x",
                "y",
                attribute("kernel_shape", new long[] {2}),
                attribute("dilations", new long[] {2})),
        "MaxPool: dilations [2]");
    assertRefused(
        TestModel.of(4, 8)
            .zeros("w", 2, 4, 3)
            .node("r", "Relu", "x", "b")
            .node("n", "Conv", "x w b", "y"),
        "Conv: its bias is not constant");
    assertRefused(
        TestModel.of(4, 8)
            .zeros("c", 4)
            .node("n", "BatchNormalization", "x c c c c", "y", attribute("training_mode", 1))
            .opset(14),
        "BatchNormalization: it is in training mode. Export the model for inference");
  }

  @Test
  void shapesThatDependOnTheBatchSizeAreRefused() {
    TestModel base = TestModel.of(6).node("shape", "Shape", "x", "s");
    assertRefused(
        base.integers("one", 1).node("n", "Add", "s one", "t").node("r", "Reshape", "x t", "y"),
        "Add: it adds to the batch size");
  }

  @Test
  void inputsThatCannotBeScoredAreNamed() {
    assertUnsupported(
        TestModel.of(4, -1).node("r", "Relu", "x", "y"),
        "Cannot import model.onnx: axis 2 of input 'x' has no fixed length but 'length'. "
            + "Export the model with a fixed shape; only the batch axis may stay open");
    assertUnsupported(
        new TestModel().output("y").input("ids", 7, "N", 10).node("r", "Relu", "ids", "y"),
        "Cannot import model.onnx: input 'ids' has element type int64; supported are float, float16, bfloat16, double and uint8");
    assertUnsupported(
        TestModel.of().node("r", "Relu", "x", "y"),
        "Cannot import model.onnx: input 'x' has 1 axes; expected a batch axis and more");
    assertUnsupported(
        new TestModel()
            .output("y")
            .input("a", 1, "2", 5)
            .input("b", 1, "4", 5)
            .node("r", "Add", "a b", "y"),
        "Cannot import model.onnx: its inputs have batch sizes 2 and 4. Export it with an open batch axis");
  }

  @Test
  void opsetsOutsideTheRangeAreNamed() {
    for (long opset : new long[] {6, 22}) {
      assertUnsupported(
          TestModel.of(6).opset(opset).node("r", "Relu", "x", "y"),
          "Cannot import model.onnx: it uses opset "
              + opset
              + ", supported are 7 to 21. Export it again with opset 17");
    }
  }

  @Test
  void anOutputThatIsConstantIsNamed() {
    assertUnsupported(
        TestModel.of(6).zeros("w", 3).node("r", "Relu", "w", "y"),
        "Cannot import model.onnx: its output 'y' does not depend on an input");
  }

  @Test
  void aLayoutThatCannotBeToldIsAskedFor() {
    TestModel model = TestModel.of(16, 16).node("f", "Flatten", "x", "y");

    assertThatThrownBy(model::read)
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot tell whether input 'x' of model.onnx with shape [16, 16] has its channels first or last: "
                + "say so with --model-layout channels-first or channels-last");
    ModelSource told =
        new ModelSource(
            "model.onnx", model.bytes(), null, null, Map.of("", InputLayout.CHANNELS_LAST));
    assertThat(new OnnxImporter().read(told).nodes()).hasSize(2);
  }

  @Test
  void nodesThatShareANameGoByTheirOutputs() {
    Graph graph =
        TestModel.of(6).node("same", "Relu", "x", "a").node("same", "Tanh", "a", "y").read();

    assertThat(graph.find("a").op().label()).isEqualTo("RELU");
    assertThat(graph.find("y").op().label()).isEqualTo("TANH");
    assertThat(graph.find("same")).isNull();
  }
}
