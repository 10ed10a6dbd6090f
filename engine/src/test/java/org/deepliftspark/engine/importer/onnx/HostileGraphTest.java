package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepliftspark.engine.importer.onnx.TestModel.attribute;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.program.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.shade.protobuf.ByteString;

/** Small files that are sound, and ask for what no machine has. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileGraphTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The result, if it took no more than so many megabytes to make. */
  private static <T> T within(int megabytes, Supplier<T> work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      return work.get();
    } finally {
      long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(taken >> 20).isLessThanOrEqualTo(megabytes);
    }
  }

  private static Program program(Graph graph) {
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .targets(List.of("0"))
            .references(List.of(ReferenceMode.given(1)))
            .build();
    return DeepLift.compile(graph, options);
  }

  @Test
  void expandingOneAxisTakesNoMoreNumbersThanThatAxis() {
    TestModel model =
        TestModel.of(1 << 20)
            .integers("r", 0, 1, 1 << 20)
            .node("r", "Reshape", "x r", "rows")
            .integers("s", 1, 64, 1 << 20)
            .node("e", "Expand", "rows s", "y");
    Graph graph = within(16, model::read);
    assertThat(graph.find("y").shape().dims()).containsExactly(64, 1 << 20);
  }

  @Test
  void repeatingBeyondAllBoundsIsRefused() {
    TestModel model = TestModel.of(1).integers("s", 1, 1 << 27).node("e", "Expand", "x s", "y");
    assertThatThrownBy(() -> within(16, model::read))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid node 'e' (Expand) in model.onnx: layers that move, repeat or mix cells take more than 67108864 numbers");
  }

  @Test
  void matricesOfAllLayersTogetherAreBounded() {
    TestModel model = TestModel.of(4, 4000);
    String last = "x";
    for (int i = 0; i < 6; i++) {
      String next = i == 5 ? "y" : "v" + i;
      model.node("c" + i, "CumSum", last + " axis", next);
      last = next;
    }
    TestModel whole = model.integers("axis", 2);
    assertThatThrownBy(() -> within(600, whole::read))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(
            "Invalid node 'c4' (CumSum) in model.onnx: layers that move, repeat or mix cells take more than ");
  }

  @Test
  void functionsOfFunctionsDoNotDoubleAtEveryNode() {
    TestModel model = TestModel.of(4).node("t0", "Tanh", "x", "v0").node("t1", "Tanh", "v0", "v1");
    for (int i = 2; i < 60; i++) {
      String bent = "b" + i;
      model.node(bent, "Tanh", "v" + (i - 1), bent);
      model.node("m" + i, "Mul", bent + " v" + (i - 2), i == 59 ? "y" : "v" + i);
    }
    Program program = within(400, () -> program(model.read()));
    assertThat(program.instructions()).hasSizeLessThan(100_000);
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void timeGrowsWithTheNumberOfNodesOnly() {
    TestModel model = TestModel.of(4);
    String last = "x";
    int nodes = 20_000;
    for (int i = 0; i < nodes; i++) {
      String next = i == nodes - 1 ? "y" : "v" + i;
      model.node("same", i % 2 == 0 ? "Relu" : "Neg", last, next);
      last = next;
    }
    assertThat(program(model.read()).instructions()).hasSizeGreaterThan(nodes);
  }

  @Test
  void graphsWithinGraphsTakeNoStack() {
    ByteString inner = ByteString.EMPTY;
    for (int depth = 0; depth < 5000; depth++) { // graph.node.attribute.g
      inner = field(1, field(5, field(6, inner)));
    }
    byte[] model = ByteString.copyFrom(new byte[] {8, 8}).concat(field(7, inner)).toByteArray();
    assertThatThrownBy(() -> new OnnxImporter().read(ModelSource.of("model.onnx", model)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("Cannot read model.onnx: it is truncated or not an ONNX model");
  }

  /** A field of bytes: tag, length as a varint, content. */
  private static ByteString field(int number, ByteString content) {
    ByteString.Output head = ByteString.newOutput();
    head.write(number << 3 | 2);
    for (int rest = content.size(); ; rest >>>= 7) {
      head.write(rest > 127 ? rest & 127 | 128 : rest);
      if (rest <= 127) {
        return head.toByteString().concat(content);
      }
    }
  }

  @Test
  void anInputDoubledAtEveryNodeEndsAtTheLargestShape() {
    TestModel model = TestModel.of(3);
    String last = "x";
    for (int i = 0; i < 40; i++) {
      String next = i == 39 ? "y" : "v" + i;
      model.node("c" + i, "Concat", last + " " + last, next, attribute("axis", 1));
      last = next;
    }
    assertThatThrownBy(() -> within(64, model::read))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid node 'c29' (Concat) in model.onnx: axis 0 would be 3221225472 long, more than 2^31 - 1");
  }

  @Test
  void aLengthThatWouldWrapRoundToASmallOneIsRefused() {
    TestModel model = TestModel.of(1 << 30);
    String five = "x x x x x";
    model.node("c", "Concat", five, "y", attribute("axis", 1));
    assertThatThrownBy(() -> within(16, model::read))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid node 'c' (Concat) in model.onnx: axis 0 would be 5368709120 long, more than 2^31 - 1");
  }
}
