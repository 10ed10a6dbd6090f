package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.junit.jupiter.api.Test;

/** What exporters write in pieces arrives as one activation that computes the same. */
class FormulaFusionTest {
  private static final double[] X = {-4.5, -2, -1, -0.4, 0, 0.3, 1, 2.5, 3, 21};

  private static TestModel model() {
    return TestModel.of(X.length)
        .tensor(TestModel.float32("half").addFloatData(0.5f))
        .tensor(TestModel.float32("one").addFloatData(1))
        .tensor(TestModel.float32("three").addFloatData(3))
        .tensor(TestModel.float32("six", 1).addFloatData(6))
        .tensor(TestModel.float32("zero").addFloatData(0))
        .tensor(TestModel.float32("twenty").addFloatData(20))
        .zeros("many", X.length);
  }

  private static void becomes(Kind kind, TestModel model, DoubleUnaryOperator expected) {
    Graph graph = model.read();
    List<Node> activations =
        graph.nodes().stream().filter(node -> node.op() instanceof Op.Activation).toList();
    assertThat(activations).hasSize(1);
    assertThat(((Op.Activation) activations.get(0).op()).function().kind()).isEqualTo(kind);
    double[] found = GraphEvaluator.outputs(graph, List.of(X)).get("y");
    for (int i = 0; i < X.length; i++) {
      double value = expected.applyAsDouble(X[i]);
      assertThat(found[i]).as("at %s", X[i]).isCloseTo(value, within(1e-5 * (1 + Math.abs(value))));
    }
  }

  @Test
  void softplusAsLogarithmOfExponential() {
    TestModel model =
        model()
            .node("e", "Exp", "x", "e")
            .node("s", "Add", "one e", "s")
            .node("l", "Log", "s", "y");
    becomes(Kind.SOFTPLUS, model, x -> Math.log1p(Math.exp(x)));
  }

  @Test
  void softplusWithItsBranches() {
    TestModel model =
        model()
            .node("g", "Greater", "x twenty", "g")
            .node("e", "Exp", "x", "e")
            .node("s", "Add", "e one", "s")
            .node("l", "Log", "s", "l")
            .node("w", "Where", "g x l", "y");
    becomes(Kind.SOFTPLUS, model, x -> Math.log1p(Math.exp(x)));
  }

  @Test
  void siluIsNamed() {
    TestModel model = model().node("s", "Sigmoid", "x", "s").node("m", "Mul", "x s", "y");
    becomes(Kind.SILU, model, x -> x / (1 + Math.exp(-x)));
  }

  @Test
  void hardSwishWrittenOut() {
    TestModel model =
        model()
            .node("a", "Add", "x three", "a")
            .node("c", "Clip", "a zero sixth", "c")
            .tensor(TestModel.float32("sixth").addFloatData(6))
            .node("d", "Div", "c six", "d")
            .node("m", "Mul", "x d", "y");
    becomes(Kind.COMPOSITE, model, x -> x * Math.min(Math.max(x + 3, 0), 6) / 6);
  }

  @Test
  void aMaskedValueIsAChoice() {
    TestModel model =
        model()
            .node("g", "GreaterOrEqual", "x one", "g")
            .node("n", "Not", "g", "n")
            .node("f", "Cast", "n", "f", TestModel.attribute("to", 1))
            .node("t", "Tanh", "x", "t")
            .node("m", "Mul", "t f", "y")
            .opset(16);
    becomes(Kind.COMPOSITE, model, x -> x >= 1 ? 0 : Math.tanh(x));
  }

  @Test
  void aChoiceOfConstantsByComparisonsThatMeet() {
    TestModel model =
        model()
            .node("l", "Less", "x zero", "l")
            .node("g", "Greater", "x three", "g")
            .node("o", "Or", "l g", "o")
            .node("w", "Where", "o half x", "y");
    becomes(Kind.COMPOSITE, model, x -> x < 0 || x > 3 ? 0.5 : x);
  }

  /** One function after another: the nearest tensor is the source, not the first. */
  @Test
  void functionsThatFollowEachOtherStayApart() {
    Graph graph =
        model()
            .node("r", "Elu", "x", "r")
            .node("t", "Tanh", "r", "t")
            .node("u", "Sigmoid", "r", "u")
            .node("m", "Max", "t u", "y")
            .read();
    List<String> kinds = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Activation) {
        kinds.add(node.op().label());
      }
    }
    assertThat(kinds).containsExactly("ELU", "COMPOSITE");
  }

  @Test
  void arithmeticAloneAndWhatIsNotElementWiseIsLeftAsItIs() {
    Graph square = model().node("m", "Mul", "x x", "m").node("a", "Add", "m x", "y").read();
    assertThat(square.find("a").op()).isInstanceOf(Op.Binary.class);
    Graph constants =
        model()
            .node("c", "Mul", "x many", "c")
            .node("t", "Tanh", "c", "t")
            .node("a", "Add", "t x", "y")
            .read();
    assertThat(constants.find("a").op()).isInstanceOf(Op.Binary.class);
  }

  @Test
  void aChoiceBetweenTwoTensorsIsRefused() {
    TestModel model =
        model()
            .input("z", X.length)
            .node("g", "Greater", "x zero", "g")
            .node("w", "Where", "g x z", "y");
    assertThatThrownBy(model::read)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("'g' (Greater: a comparison has no slope)");
  }
}
