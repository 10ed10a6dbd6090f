package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which rule genomics-default gives an activation: case T13 of the reference implementation's tests
 * (test_deeplift_genomics_default_mode).
 */
class GenomicsDefaultTest {
  private static final Op RELU = new Op.Activation(ActivationFunction.of(Kind.RELU));
  private static final Op DROPOUT = new Op.Identity();

  private static Op norm(int axis) {
    return new Op.ChannelAffine(Tensor.filled(2, Shape.of(3)), Tensor.filled(1, Shape.of(3)), axis);
  }

  private static Op conv(int... kernel) {
    int[] shape = new int[kernel.length + 2];
    shape[0] = 3;
    shape[1] = 2;
    System.arraycopy(kernel, 0, shape, 2, kernel.length);
    Tensor weight = Tensor.filled(.5f, Shape.of(shape));
    return new Op.Conv(weight, null, ConvGeometry.plain(kernel.length));
  }

  private static Op dense(int in) {
    return new Op.Dense(Tensor.filled(.5f, Shape.of(in, 3)), null);
  }

  /** A chain that ends in an activation. */
  private static Graph graph(Shape input, Op... ops) {
    GraphBuilder builder = new GraphBuilder("case");
    Node at = builder.input("x", input);
    for (Op op : ops) {
      at = builder.add(op.label(), op, at);
    }
    builder.output("y", builder.add("activation", RELU, at));
    return builder.build();
  }

  private static final Shape SEQUENCE = Shape.of(2, 6);
  private static final Shape IMAGE = Shape.of(2, 5, 5);

  /** Both orders of batch normalisation and dropout, each alone and none. */
  private static Stream<Graph> behind(Shape input, Op layer, int axis) {
    return Stream.of(
        graph(input, layer),
        graph(input, layer, norm(axis)),
        graph(input, layer, DROPOUT),
        graph(input, layer, norm(axis), DROPOUT),
        graph(input, layer, DROPOUT, norm(axis)));
  }

  static Stream<Graph> convolutional() {
    return Stream.concat(behind(SEQUENCE, conv(3), 0), behind(IMAGE, conv(3, 2), 0));
  }

  static Stream<Graph> dense() {
    return behind(Shape.of(4), dense(4), 0);
  }

  /** Rule of the chain's last activation, or null. */
  private static String rule(Graph graph, RuleProfile profile) {
    boolean[] active = new boolean[graph.nodes().size()];
    Arrays.fill(active, true);
    RuleBook rules = new RuleBook(Method.of("genomics-default"), profile, Precision.F32);
    return rules
        .ruleFor(graph.outputs().values().iterator().next(), graph, active)
        .map(Rule::name)
        .orElse(null);
  }

  @ParameterizedTest
  @MethodSource("convolutional")
  void t13RescaleAfterConvolutions(Graph graph) {
    assertThat(rule(graph, RuleProfile.DEEPLIFT)).isEqualTo("rescale");
    assertThat(rule(graph, RuleProfile.DEFAULT)).isEqualTo("rescale");
  }

  @ParameterizedTest
  @MethodSource("dense")
  void t13RevealCancelAfterDenseLayers(Graph graph) {
    assertThat(rule(graph, RuleProfile.DEEPLIFT)).isEqualTo("reveal-cancel");
    assertThat(rule(graph, RuleProfile.DEFAULT)).isEqualTo("reveal-cancel");
  }

  private static final PoolGeometry WINDOW =
      new PoolGeometry(new int[] {2}, new int[] {2}, new int[1], new int[1]);

  /** What the reference implementation cannot look through. */
  static Stream<Graph> pooled() {
    return Stream.of(
        graph(SEQUENCE, conv(3), new Op.MaxPool(WINDOW)),
        graph(SEQUENCE, conv(3), new Op.AveragePool(WINDOW, false), norm(0)),
        graph(SEQUENCE, conv(3), new Op.Reduce(Op.Reduction.MEAN, new int[] {1}, false)),
        graph(SEQUENCE, conv(3), new Op.Reshape(Shape.of(12))));
  }

  @ParameterizedTest
  @MethodSource("pooled")
  void t13PoolsAreLookedThroughInTheDefaultProfileOnly(Graph graph) {
    assertThat(rule(graph, RuleProfile.DEFAULT)).isEqualTo("rescale");
    assertThatThrownBy(() -> compile(graph, RuleProfile.DEEPLIFT))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "Cannot explain case by genomics-default: 1 node(s) have no rule: 'activation' (RELU)."
                + " It needs a dense layer or a convolution before each activation; use --method"
                + " rescale or reveal-cancel");
  }

  @ParameterizedTest
  @EnumSource(RuleProfile.class)
  void anActivationOfTheInputOrOfAnActivationIsRefused(RuleProfile profile) {
    assertThatThrownBy(() -> compile(graph(Shape.of(4)), profile))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("1 node(s) have no rule: 'activation' (RELU)");
    assertThatThrownBy(() -> compile(graph(Shape.of(4), dense(4), RELU), profile))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("1 node(s) have no rule: 'activation' (RELU)");
  }

  /** Branches that end in different layers leave the rule open. */
  @ParameterizedTest
  @EnumSource(RuleProfile.class)
  void anActivationOfAConvolutionPlusADenseLayerIsRefused(RuleProfile profile) {
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", SEQUENCE);
    Node conv = builder.add("conv", conv(4), x);
    Node sum = builder.add("sum", new Op.Binary(Op.Arithmetic.ADD), conv, denseOf(builder, x));
    builder.output("y", builder.add("activation", RELU, sum));
    assertThatThrownBy(() -> compile(builder.build(), profile))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("'activation' (RELU)");
  }

  private static Node denseOf(GraphBuilder builder, Node x) {
    Node flat = builder.add("flat", new Op.Reshape(Shape.of(12)), x);
    return builder.add(
        "column", new Op.Reshape(Shape.of(3, 1)), builder.add("dense", dense(12), flat));
  }

  private static void compile(Graph graph, RuleProfile profile) {
    DeepLift.compile(
        graph,
        DeepLiftOptions.builder()
            .method("genomics-default")
            .profile(profile)
            .targets(List.of("0"))
            .references(List.of(ReferenceMode.given(1)))
            .build());
  }
}
