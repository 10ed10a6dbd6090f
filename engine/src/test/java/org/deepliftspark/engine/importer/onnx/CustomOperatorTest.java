package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import onnx.Onnx.AttributeProto;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.junit.jupiter.api.Test;

/** Operators that a mapper of the class path reads; see its META-INF/services. */
class CustomOperatorTest {

  @Test
  void anOperatorOfAUsersDomainIsReadByItsMapper() {
    Graph graph =
        TestModel.of(3)
            .zeros("w", 3)
            .node("n", "my.lab", "ScaledTanh", "x w", "y", scale(2.5f))
            .read();
    double[] found = GraphEvaluator.outputs(graph, List.of(new double[] {0.5, -1, 2})).get("y");

    assertThat(found)
        .containsExactly(
            new double[] {2.5 * Math.tanh(0.5), 2.5 * Math.tanh(-1), 2.5 * Math.tanh(2)},
            within(1e-6));
  }

  @Test
  void whatNoMapperReadsIsNamedWithItsDomain() {
    TestModel model = TestModel.of(3).node("n", "other.lab", "ScaledTanh", "x", "y");

    assertThatThrownBy(model::read).hasMessageContaining("'n' (other.lab.ScaledTanh)");
  }

  private static AttributeProto scale(float value) {
    return AttributeProto.newBuilder()
        .setName("scale")
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }
}
