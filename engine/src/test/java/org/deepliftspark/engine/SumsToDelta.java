package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.Numbers;

/** Holds the sum of a row's contributions against the difference of its two predictions. */
public final class SumsToDelta {
  private static final double TOLERANCE = 1e-5;

  private SumsToDelta() {}

  /**
   * Explains the sum of every output from references that differ from the inputs everywhere.
   *
   * @param inputs rows of each input of the graph
   */
  public static void assertSums(Graph graph, List<float[]> inputs) {
    List<String> targets =
        graph.outputs().keySet().stream().map(output -> "sum('" + output + "')").toList();
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .targets(targets)
            .references(graph.inputs().stream().map(input -> ReferenceMode.given(1)).toList())
            .build();
    int rows = inputs.get(0).length / graph.inputs().get(0).shape().size();
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      Attribution found = session.attribute(new Batch(rows, inputs, references(inputs)));
      for (int k = 0; k < rows * targets.size(); k++) {
        double scale = scale(found, graph, k);
        assertThat(Math.abs(found.convergenceDelta().get(k)))
            .as(targets.get(k % targets.size()))
            .isLessThan(TOLERANCE * scale);
      }
    }
  }

  /** References that differ from the inputs and from zero everywhere. */
  private static List<float[]> references(List<float[]> inputs) {
    List<float[]> references = new ArrayList<>();
    for (float[] input : inputs) {
      float[] reference = new float[input.length];
      for (int i = 0; i < reference.length; i++) {
        reference[i] = 0.3f - 0.4f * input[i];
      }
      references.add(reference);
    }
    return references;
  }

  /** The largest of both predictions and of the sum of |contributions|, by row and target. */
  private static double scale(Attribution found, Graph graph, int k) {
    double sum = 0;
    List<Node> inputs = graph.inputs();
    for (int input = 0; input < inputs.size(); input++) {
      int size = inputs.get(input).shape().size();
      Numbers scores = found.contributions(input);
      for (int i = 0; i < size; i++) {
        sum += Math.abs(scores.get(k * size + i));
      }
    }
    double predictions =
        Math.max(
            Math.abs(found.predictions().get(k)), Math.abs(found.referencePredictions().get(k)));
    return Math.max(sum, predictions);
  }
}
