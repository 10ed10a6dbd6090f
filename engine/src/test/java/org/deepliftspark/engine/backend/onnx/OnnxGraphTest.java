package org.deepliftspark.engine.backend.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;

class OnnxGraphTest {

  @Test
  void refusesWeightsThatOneFileCannotHold() {
    OnnxGraph graph = new OnnxGraph(3_000_000);
    graph.floats(new float[500_000], 500_000);

    assertThatThrownBy(() -> graph.floats(new float[500_000], 500_000))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot write the model as ONNX: its weights, forward and backward, take more than 3 MB,"
                + " the most that one ONNX file holds");
  }
}
