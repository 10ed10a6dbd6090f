package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Program;
import org.junit.jupiter.api.Test;

/** A few hundred bytes of a model can ask for more memory than there is. */
class RoomCheckTest {
  private static final int HUGE = 1 << 30;

  /** Four numbers padded to a length, and their sum. */
  private static Graph padded(int length) {
    GraphBuilder builder = new GraphBuilder("model.onnx");
    Node input = builder.input("x", Shape.of(4));
    Op pad = new Op.Pad(new int[] {0}, new int[] {length - 4}, 0);
    Node wide = builder.add("wide", pad, input);
    builder.output(
        "y", builder.add("sum", new Op.Reduce(Op.Reduction.SUM, new int[1], true), wide));
    return builder.build();
  }

  private static DeepLiftOptions options(int references) {
    return DeepLiftOptions.builder()
        .backend("cpu")
        .references(List.of(ReferenceMode.given(references)))
        .build();
  }

  @Test
  void aValueLargerThanTheMachineIsRefusedBeforeItIsMade() {
    Program program = DeepLift.compile(padded(HUGE), options(1));
    assertThatThrownBy(() -> RoomCheck.check(program, "model.onnx", 4, 1L << 32))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot explain model.onnx: ")
        .hasMessageContaining(
            "[1073741824] takes 4.29e+03 MB for one row, more than the 4.29e+03 MB of this machine")
        .hasMessageEndingWith("; use a smaller model or a larger machine");
    assertThatCode(() -> RoomCheck.check(program, "model.onnx", 4, 1L << 40))
        .doesNotThrowAnyException();
  }

  @Test
  void resultsThatNoArrayHoldsAreRefused() {
    GraphBuilder builder = new GraphBuilder("model.onnx");
    Node input = builder.input("x", Shape.of(1 << 16));
    builder.output("y", builder.add("same", new Op.Identity(), input));
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .backend("cpu")
            .targets(List.of("0"))
            .references(List.of(ReferenceMode.given(1 << 16)))
            .build();
    assertThatThrownBy(() -> DeepLift.open(builder.build(), options).close())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            "Cannot explain model.onnx: \\S+ of one row are 4294967296 numbers, more than an array holds; ask for fewer targets or references");
  }
}
