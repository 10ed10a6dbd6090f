package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleBackend;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Positive and negative parts of a layer's delta: case T6 of the reference implementation's tests
 * (kundajelab/deeplift, test_conv1d).
 */
class PartsTest {
  /** Two examples of four positions and two channels. */
  private static final float[] X = {-8, -4, -7, -3, -6, -2, -5, -1, 0, 4, 1, 5, 2, 6, 3, 7};

  static List<Backend> backends() {
    List<Backend> all = new ArrayList<>(Backends.names().stream().map(Backends::get).toList());
    all.add(new OracleBackend());
    return all;
  }

  /** Filter 0 by channel and position is [[-2, -1], [0, 1]], filter 1 its negative. */
  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", Shape.of(4, 2));
    Node first = builder.add("first", new Op.Transpose(new int[] {1, 0}), x);
    Tensor weight = Tensor.of(new float[] {-2, -1, 0, 1, 2, 1, 0, -1}, 2, 2, 2);
    Op conv = new Op.Conv(weight, Tensor.of(new float[] {-1, 1}, 2), ConvGeometry.plain(1));
    builder.output("y", builder.add("conv", conv, first));
    return builder.build();
  }

  /** Parts of the convolution's delta from a reference of ones. */
  private static Program program(Graph graph) {
    ProgramBuilder code = new ProgramBuilder();
    Value[] inputs = new Value[3];
    Value[] references = new Value[3];
    inputs[0] = code.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(4, 2));
    references[0] = code.constant(Tensor.filled(1, Shape.of(4, 2)));
    for (Node node : graph.nodes().subList(1, 3)) {
      int source = node.inputs().get(0);
      inputs[node.id()] = Forward.value(node, List.of(inputs[source]), code);
      references[node.id()] = Forward.value(node, List.of(references[source]), code);
    }
    RuleBook rules = new RuleBook(Method.of("reveal-cancel"), RuleProfile.DEFAULT, Precision.F32);
    boolean[] active = {true, true, true};
    Parts parts = new ForwardValues(graph, inputs, references, active, rules).parts(2, code);
    code.output("positive", parts.positive());
    code.output("negative", parts.negative());
    return code.build(new Program.Sizes(1, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void t6PartsOfAConvolution(Backend backend) {
    Program program = program(graph());
    try (Executable executable = backend.compile(program, new BackendOptions(Precision.F32, 0));
        Workspace workspace = executable.newWorkspace()) {
      Map<String, Numbers> found =
          workspace.run(new Batch(2, List.of(X), Collections.singletonList((float[]) null)));
      // per example: filter 0, filter 1
      assertThat(found.get("positive").doubles())
          .containsExactly(26, 23, 20, 4, 3, 2, 6, 5, 6, 0, 1, 4);
      assertThat(found.get("negative").doubles())
          .containsExactly(-4, -3, -2, -26, -23, -20, 0, -1, -4, -6, -5, -6);
    }
  }
}
