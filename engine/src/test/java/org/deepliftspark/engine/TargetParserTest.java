package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetParserTest {
  private final Graph graph = graph();

  /** {@code x [2] -> hidden [4] -> logits [3] -> probabilities}. */
  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("net");
    Node x = builder.input("x", Shape.of(2));
    Node hidden = builder.add("hidden-1", new Op.Dense(Tensor.of(new float[8], 2, 4), null), x);
    Node logits = builder.add("logits", new Op.Dense(Tensor.of(new float[12], 4, 3), null), hidden);
    Op sigmoid = new Op.Activation(ActivationFunction.of(Kind.SIGMOID));
    builder.output("probabilities", builder.add("sigmoid", sigmoid, logits));
    return builder.build();
  }

  private Target at(String layer, String text) {
    List<String> texts = DeepLift.targetsAt(graph, layer, List.of(text));
    return DeepLift.targets(graph, texts).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, logits, 0 1 0",
    "2-0, 2-0, logits, -1 0 1",
    "activated(1), activated(1), sigmoid, 0 1 0",
    "probabilities:1, probabilities:1, logits, 0 1 0",
    "hidden-1:3, hidden-1:3, hidden-1, 0 0 0 1",
    "'''hidden-1'':3', '''hidden-1'':3', hidden-1, 0 0 0 1",
    "hidden-1:3-hidden-1:0, hidden-1:3-hidden-1:0, hidden-1, -1 0 0 1",
    "sum(hidden-1), sum(hidden-1), hidden-1, 1 1 1 1"
  })
  void aTextStandsForWeightsOfANode(String text, String name, String node, String weights) {
    Target target = at(null, text);
    assertThat(target.name()).isEqualTo(name);
    assertWeights(target, node, weights);
  }

  @Test
  void aMeanNormalizedUnitIsLessTheMeanOfAll() {
    float third = 1f / 3;
    assertThat(at(null, "mean-normalized(1)").terms().get(0).weights())
        .containsExactly(-third, 1 - third, -third);
  }

  @ParameterizedTest
  @CsvSource({
    "3, '''hidden-1'':3', 0 0 0 1",
    "3-0, '''hidden-1'':3-''hidden-1'':0', -1 0 0 1",
    "activated(2), activated('''hidden-1''':2), 0 0 1 0",
    "mean-normalized(0), mean-normalized('''hidden-1''':0), 0.75 -0.25 -0.25 -0.25",
  })
  void anInnerLayerIsReadOutByNamingIt(String text, String name, String weights) {
    Target target = at("hidden-1", text);
    assertThat(target.name()).isEqualTo(name.replace("'''", "'"));
    assertWeights(target, "hidden-1", weights);
  }

  private void assertWeights(Target target, String node, String weights) {
    float[] sum = new float[weights.split(" ").length];
    for (Target.Term term : target.terms()) {
      assertThat(graph.node(term.node()).name()).isEqualTo(node);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += term.weights()[i];
      }
    }
    float[] expected = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      expected[i] = Float.parseFloat(weights.split(" ")[i]);
    }
    assertThat(sum).containsExactly(expected);
  }

  @Test
  void allAreTheUnitsOfTheOutputOrOfTheLayer() {
    assertThat(DeepLift.targets(graph, List.of("all")).stream().map(Target::name))
        .containsExactly("0", "1", "2");
    assertThat(DeepLift.targetsAt(graph, "hidden-1", List.of("all")))
        .containsExactly("'hidden-1':0", "'hidden-1':1", "'hidden-1':2", "'hidden-1':3");
  }

  @Test
  void aTargetSaysWhichNodeItIsMadeOf() {
    assertThat(at(null, "1").nodes(graph)).isEqualTo("node 'logits', before 'sigmoid'");
    assertThat(at(null, "activated(1)").nodes(graph)).isEqualTo("node 'sigmoid'");
    assertThat(at("hidden-1", "3-0").nodes(graph)).isEqualTo("node 'hidden-1'");
  }

  @Test
  void whatIsWrongIsOneLine() {
    refused(
        null,
        "3",
        "Invalid target '3' (--target): 'sigmoid' has 3 units, expected an index from 0 to 2");
    refused(null, "hiden:3", "expected a unit's index or NAME:INDEX at position 0");
    refused(
        "hiden-1", "0", "Invalid --layer hiden-1: no node of that name. Did you mean hidden-1?");
    refused("hidden-1", "4", "'hidden-1' has 4 units, expected an index from 0 to 3");
    assertThatThrownBy(() -> DeepLift.targetsAt(graph, "hidden-1", List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Missing option --target: layer 'hidden-1' has 4 units; name one, or use --target all");
  }

  private void refused(String layer, String text, String message) {
    assertThatThrownBy(() -> at(layer, text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void targetsTimesUnitsAreBounded() {
    GraphBuilder builder = new GraphBuilder("wide");
    Node input = builder.input("x", Shape.of(20_000));
    builder.output("y", builder.add("y", new Op.Identity(), input));
    Graph wide = builder.build();
    assertThat(DeepLift.targets(wide, List.of("0", "19999"))).hasSize(2);
    assertThatThrownBy(() -> DeepLift.targets(wide, List.of("all")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid targets (--target): every target has a weight for each of the 20000 units, which takes more than 33554432 weights; name fewer at once");
    List<String> some = IntStream.range(0, 1700).mapToObj(Integer::toString).toList();
    assertThatThrownBy(() -> DeepLift.targets(wide, some)).hasMessageContaining("every target");
    GraphBuilder both = new GraphBuilder("two");
    Node long1 = both.input("x", Shape.of(9_000_000));
    both.output("y", both.add("y", new Op.Identity(), long1));
    both.output("z", both.add("z", new Op.Identity(), long1));
    Graph two = both.build();
    assertThatThrownBy(() -> DeepLift.targets(two, List.of("y:0", "z:0")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid targets (--target): 2 targets read outputs of 18000000 units in all, which takes more than 33554432 weights; name fewer at once");
  }
}
