package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepliftspark.engine.importer.onnx.TestModel.attribute;

import java.util.List;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.junit.jupiter.api.Test;

/** A batch axis that moves, or is merged with others: followed, or refused where rows would mix. */
class BatchAxisTest {
  private static final long[] SWAPPED = {1, 0, 2};

  private static void assertRefused(TestModel model, String message) {
    assertThatThrownBy(model::read)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("Cannot import model.onnx: " + message);
  }

  private static void assertNodeRefused(TestModel model, String node) {
    assertRefused(model, "1 node has no DeepLIFT rule: 'n' (" + node + "). Supported: ");
  }

  /** The input [N, 3, 4] with the batch in the second axis of {@code t}. */
  private static TestModel moved() {
    return TestModel.of(3, 4).node("turn", "Transpose", "x", "t", attribute("perm", SWAPPED));
  }

  /** The input [N, 2, 4] as {@code m}, whose first axis is the batch times 2. */
  private static TestModel merged() {
    return TestModel.of(2, 4).integers("all", -1, 4).node("join", "Reshape", "x all", "m");
  }

  private static double[] evaluate(Graph graph, int size) {
    double[] x = new double[size];
    for (int i = 0; i < size; i++) {
      x[i] = i;
    }
    return GraphEvaluator.outputs(graph, List.of(x)).get("y");
  }

  @Test
  void outputsHaveTheirBatchInFront() {
    assertRefused(
        moved().node("n", "Relu", "t", "y"),
        "the batch axis of its output 'y' is axis 1, not the first one");
    assertRefused(
        merged().node("n", "Relu", "m", "y"),
        "the batch axis of its output 'y' is merged with another");
  }

  @Test
  void rowsOfABatchAreNotMixed() {
    assertNodeRefused(
        moved().node("n", "Softmax", "t", "y", attribute("axis", 1)),
        "Softmax: it works along the batch axis");
    assertNodeRefused(
        moved().node("n", "LayerNormalization", "t w", "y", attribute("axis", 1)).zeros("w", 4),
        "LayerNormalization: it works along the batch axis");
    assertNodeRefused(
        moved().node("n", "ReduceMean", "t", "y", attribute("axes", new long[] {1})),
        "ReduceMean: it works along the batch axis");
    assertNodeRefused(
        moved().node("n", "Concat", "t t", "y", attribute("axis", 1)),
        "Concat: it works along the batch axis");
    assertNodeRefused(
        merged().node("n", "Softmax", "m", "y", attribute("axis", 0)),
        "Softmax: it works along the batch axis");
    assertNodeRefused(
        merged().integers("i", 0).node("n", "Gather", "m i", "y"),
        "Gather: it works along the batch axis");
    assertNodeRefused(
        moved().zeros("c", 3, 5, 4).node("n", "Add", "t c", "y"),
        "Add: a constant of shape [3, 5, 4] does not apply to each example of the batch alike");
    assertNodeRefused(
        moved().node("n", "Add", "x t", "y"), "Add: its operands have the batch in different axes");
    assertNodeRefused(
        moved().zeros("w", 3, 4, 1).node("n", "Conv", "t w", "y"),
        "Conv: the batch axis of its input is axis 1, not the first one");
  }

  @Test
  void attentionOverTheRowsOfABatchIsRefused() {
    assertNodeRefused(
        moved()
            .node("keys", "Transpose", "t", "k", attribute("perm", new long[] {0, 2, 1}))
            .node("turned", "Transpose", "k", "q", attribute("perm", new long[] {0, 2, 1}))
            .node("n", "MatMul", "q k", "y"),
        "MatMul: its operands have the batch in different axes");
    assertNodeRefused(
        moved().node("n", "MatMul", "t t", "y"), "MatMul: it works along the batch axis");
  }

  @Test
  void whatIsMergedBehindTheBatchIsNotTakenForWhatIsBeforeIt() {
    TestModel rows =
        moved() // [3, N, 4] to [3 * N, 4], where [N, 3, 4] would be other elements
            .integers("all", -1, 4)
            .node("join", "Reshape", "t all", "m")
            .integers("apart", -1, 3, 4)
            .node("n", "Reshape", "m apart", "y");
    assertNodeRefused(
        rows, "Reshape: to [-1, 3, 4] mixes the batch axis with other axes of [3, 4]");
  }

  @Test
  void aMergedAxisComesApartAsItWasMerged() {
    Graph graph =
        moved()
            .integers("all", -1, 4)
            .node("join", "Reshape", "t all", "m")
            .integers("apart", 3, -1, 4)
            .node("split", "Reshape", "m apart", "s")
            .node("back", "Transpose", "s", "y", attribute("perm", SWAPPED))
            .read();
    assertThat(graph.outputs().get("y").shape().dims()).containsExactly(3, 4);
    assertThat(evaluate(graph, 12)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void headsAreSplitOffABatchOfFixedSize() {
    for (String batch : List.of("1", "3")) {
      long rows = Long.parseLong(batch);
      Graph graph =
          new TestModel()
              .input("x", 1, batch, 5, 4)
              .output("y")
              .node("turn", "Transpose", "x", "t", attribute("perm", SWAPPED))
              .integers("heads", 5, rows * 2, 2)
              .node("split", "Reshape", "t heads", "h")
              .node("first", "Transpose", "h", "q", attribute("perm", SWAPPED))
              .node("turned", "Transpose", "q", "k", attribute("perm", new long[] {0, 2, 1}))
              .node("scores", "MatMul", "q k", "s")
              .node("values", "MatMul", "s q", "v")
              .node("last", "Transpose", "v", "l", attribute("perm", SWAPPED))
              .integers("joined", 5, rows, 4)
              .node("join", "Reshape", "l joined", "j")
              .node("mean", "ReduceMean", "j", "p", attribute("axes", new long[] {0}))
              .node("drop", "Squeeze", "p front", "y")
              .integers("front", 0)
              .read();
      double[] x = new double[20];
      for (int i = 0; i < x.length; i++) {
        x[i] = i % 7 - 0.25 * i;
      }
      assertThat(GraphEvaluator.outputs(graph, List.of(x)).get("y"))
          .as("batch of " + batch)
          .containsExactly(meanOfAttended(x), within(1e-9));
    }
  }

  /** Mean over positions of {@code q q^T q}, for each of two heads. */
  private static double[] meanOfAttended(double[] x) {
    double[] mean = new double[4];
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        for (int head = 0; head < 2; head++) {
          int query = 4 * i + 2 * head;
          int key = 4 * j + 2 * head;
          double score = x[query] * x[key] + x[query + 1] * x[key + 1];
          mean[2 * head] += score * x[key] / 5;
          mean[2 * head + 1] += score * x[key + 1] / 5;
        }
      }
    }
    return mean;
  }
}
