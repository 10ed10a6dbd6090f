package org.deepliftspark.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.api.Test;

/** Measures on a linear network, where weight times delta is the truth. */
class MetricTest {
  private static final float[] WEIGHTS = {3, -2, 1, 0, 5, -4};
  private static final float[] X = {1, 1, 2, 1, -1, 3};
  private static final float[] BLACK = new float[6];

  private static Graph linear() {
    GraphBuilder builder = new GraphBuilder("linear");
    Node x = builder.input("x", Shape.of(6));
    float[] both = new float[12];
    for (int i = 0; i < 6; i++) {
      both[2 * i] = WEIGHTS[i];
      both[2 * i + 1] = 1;
    }
    builder.output("y", builder.add("y", new Op.Dense(Tensor.of(both, 6, 2), null), x));
    return builder.build();
  }

  private static Network network() {
    return Network.open(linear(), List.of("0", "1"), "nd4j");
  }

  private static double[] truth() {
    return IntStream.range(0, 6).mapToDouble(i -> WEIGHTS[i] * X[i]).toArray();
  }

  @Test
  void aurocIsTheChanceThatAPositiveScoresHigher() {
    boolean[] positive = {true, false, true, false};
    assertThat(Auroc.of(new double[] {4, 1, 3, 2}, positive)).isEqualTo(1);
    assertThat(Auroc.of(new double[] {1, 2, 3, 4}, positive)).isEqualTo(.25);
    assertThat(Auroc.of(new double[] {7, 7, 7, 7}, positive)).isEqualTo(.5);
    assertThat(Auroc.of(new double[] {3, 3, 5, 1}, positive)).isEqualTo(.875);
    assertThat(Auroc.of(new double[] {1, 2}, new boolean[] {true, true})).isNaN();
  }

  /** The protocol: keep what is not above the largest but n, and what does not speak for it. */
  @Test
  void aFlipErasesTheLargestDifferencesAboveZero() {
    float[] x = {1, 2, 3, 4};
    double[] difference = {.5, -1, 2, 1};
    assertThat(LogOddsFlip.erased(x, difference, 1)).containsExactly(1, 2, 0, 4);
    assertThat(LogOddsFlip.erased(x, difference, 2)).containsExactly(1, 2, 0, 0);
    assertThat(LogOddsFlip.erased(x, difference, 4)).containsExactly(0, 2, 0, 0);
    assertThat(LogOddsFlip.erased(x, new double[] {-1, -1, 0, -2}, 2)).containsExactly(x);
  }

  @Test
  void theTruthForetellsEveryRemoval() {
    try (Network network = network()) {
      for (int size = 1; size < 6; size++) {
        Removal removal = Removal.ofSize(network, X, BLACK, 1, size, 30, 7);
        assertThat(removal.correlation(truth(), 0)).as("n = %d", size).isCloseTo(1, within(1e-6));
        assertThat(removal.infidelity(truth(), 0)).isCloseTo(0, within(1e-9));
        assertThat(removal.infidelity(new double[6], 0)).isEqualTo(1);
        double[] wrong = Arrays.stream(truth()).map(c -> -c).toArray();
        assertThat(removal.correlation(wrong, 0)).isCloseTo(-1, within(1e-6));
        assertThat(removal.infidelity(wrong, 0)).isCloseTo(4, within(1e-6));
        assertThat(removal.correlation(new double[6], 0)).isNaN();
      }
    }
  }

  @Test
  void setsAreDrawnWithoutReplacementFromTheSeed() {
    try (Network network = network()) {
      Removal removal = Removal.ofSize(network, X, BLACK, 1, 4, 50, 1);
      for (int[] set : removal.sets()) {
        assertThat(Arrays.stream(set).distinct().filter(i -> i >= 0 && i < 6)).hasSize(4);
      }
      assertThat(Removal.ofSize(network, X, BLACK, 1, 4, 50, 1).sets())
          .isDeepEqualTo(removal.sets());
      assertThat(
              Arrays.deepEquals(
                  Removal.ofSize(network, X, BLACK, 1, 4, 50, 2).sets(), removal.sets()))
          .isFalse();
      Removal any = Removal.ofAnySize(network, X, BLACK, 1, 100, 1);
      assertThat(Arrays.stream(any.sets()).mapToInt(set -> set.length).distinct().toArray())
          .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void allPositionsTogetherLoseTheWholeDifference() {
    try (Network network = network()) {
      Removal removal = Removal.ofSize(network, X, BLACK, 1, 6, 1, 1);
      assertThat(removal.drops()[0][0]).isCloseTo(Arrays.stream(truth()).sum(), within(1e-5));
      assertThat(removal.drops()[1][0]).isCloseTo(7, within(1e-5));
    }
  }

  /** Contributions 3, -2, 2, 0, -5, -12; their sum is -14. */
  @Test
  void curvesTakePositionsByFallingContribution() {
    try (Network network = network()) {
      double[][] deletion = RemovalCurve.of(network, X, BLACK, 1, truth(), true, 6);
      double[][] insertion = RemovalCurve.of(network, X, BLACK, 1, truth(), false, 3);
      assertThat(column(deletion))
          .containsExactly(new double[] {-14, -17, -19, -19, -17, -12, 0}, within(1e-5));
      assertThat(column(insertion)).containsExactly(new double[] {0, 5, 3, -14}, within(1e-5));
      assertThat(RemovalCurve.area(new double[] {0, 5, 3, -14})).isCloseTo(1.0 / 3, within(1e-9));
    }
  }

  private static double[] column(double[][] curve) {
    return Arrays.stream(curve).mapToDouble(point -> point[0]).toArray();
  }

  @Test
  void motifsAreFoundByWhatTheirPositionsSumTo() {
    double[] bases = MotifRecovery.perPosition(new float[] {0, 1, 2, 2, -1, 0, 0, 0}, 2);
    assertThat(bases).containsExactly(1, 4, -1, 0);
    assertThat(MotifRecovery.sum(bases, 1, 3)).isEqualTo(3);
    assertThat(MotifRecovery.auroc(bases, new int[] {0}, new int[] {2})).isEqualTo(1);
    assertThat(MotifRecovery.auroc(bases, new int[] {2, 0}, new int[] {3, 1})).isEqualTo(.25);
  }

  @Test
  void methodsExplainRowsInMemory() {
    List<float[]> rows = List.of(X, BLACK, X);
    for (String method : List.of("rescale", "occlusion:1", "expected-gradients")) {
      try (Explainer explainer =
          Explainer.open(linear(), method, List.of("0", "1"), "zeros", 1, "nd4j")) {
        Scores scores = explainer.explain(rows, List.of("a", "b", "c"));
        for (int i = 0; i < 6; i++) {
          assertThat((double) scores.contributions()[2][0][i])
              .as(method)
              .isCloseTo(truth()[i], within(1e-5));
        }
        assertThat(scores.contributions()[1][0]).containsOnly(0);
        assertThat(scores.predictions()[0][1]).isCloseTo(7, within(1e-5));
        assertThat(scores.deltas()[0][0]).isCloseTo(0, within(1e-5));
      }
    }
  }

  @Test
  void modelsOfSeveralInputsAreRefused() {
    GraphBuilder builder = new GraphBuilder("two");
    Node a = builder.input("a", Shape.of(1));
    Node b = builder.input("b", Shape.of(1));
    builder.output("y", builder.add("y", new Op.Binary(Op.Arithmetic.ADD), a, b));
    assertThatThrownBy(() -> Network.open(builder.build(), List.of(), "nd4j"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot evaluate two: expected a model with one input, found 2");
  }
}
