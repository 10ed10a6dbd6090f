package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;

class TargetValuesTest {

  private static Value output(Program program, String name) {
    return program.outputs().stream()
        .filter(output -> output.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static Program program(boolean activated) {
    GraphBuilder builder = new GraphBuilder("case");
    Node input = builder.input("x", Shape.of(4));
    Node last = builder.add("dense", new Op.Dense(Tensor.filled(.5f, Shape.of(4, 3)), null), input);
    if (activated) {
      last = builder.add("sigmoid", new Op.Activation(ActivationFunction.of(Kind.SIGMOID)), last);
    }
    builder.output("y", last);
    Graph graph = builder.build();
    return RandomGraphTest.program(graph, "rescale", 2, Precision.F32);
  }

  @Test
  void predictionAndModelOutputAreOneValueWithoutAFinalActivation() {
    Program program = program(false);
    assertThat(output(program, ProgramCompiler.MODEL_OUTPUT))
        .isEqualTo(output(program, ProgramCompiler.PREDICTION))
        .isNotEqualTo(output(program, ProgramCompiler.REFERENCE_PREDICTION));
  }

  @Test
  void predictionAndModelOutputDifferByAFinalActivation() {
    Program program = program(true);
    assertThat(output(program, ProgramCompiler.MODEL_OUTPUT))
        .isNotEqualTo(output(program, ProgramCompiler.PREDICTION));
  }
}
