package org.deepliftspark.engine.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleInterpreter;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Output;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;

class SessionPartTest {
  private static final int SIZE = 3;
  private static final Tensor WEIGHT =
      Tensor.of(new float[] {1, -2, 3, 0.5f, 1, -1, 2, 0, 1}, SIZE, SIZE);

  @Test
  void aRowsOwnValuesAreComputedInAPartOfTheirOwn() {
    Program program = program(20);
    List<SessionPart> parts = SessionPart.byRowAndPair(program);
    assertThat(parts).hasSize(2);
    SessionPart rows = parts.get(0);
    SessionPart pairs = parts.get(1);
    assertThat(rows.outputs()).extracting(Output::name).containsExactly("prediction");
    assertThat(pairs.outputs()).extracting(Output::name).containsExactly("contributions");
    assertThat(pairs.received()).isEqualTo(rows.handedOver()).isNotEmpty();
    assertThat(rows.instructions().stream())
        .noneMatch(id -> extent(program, id).has(Axis.REFERENCE));
    assertThat(pairs.instructions().stream())
        .allMatch(
            id -> extent(program, id).has(Axis.REFERENCE) || !extent(program, id).has(Axis.ROW));
    assertThat(rows.feeds(program))
        .extracting(Instruction.Feed::role)
        .containsExactly(Instruction.Role.INPUT);
    assertThat(pairs.feeds(program))
        .extracting(Instruction.Feed::role)
        .containsExactly(Instruction.Role.REFERENCE);
  }

  @Test
  void programsWithoutAnythingOfTheRowAloneStayWhole() {
    ProgramBuilder builder = new ProgramBuilder();
    Value reference = reference(builder);
    builder.output("y", builder.add(reference, builder.scalar(1)));
    Program program = builder.build(new Program.Sizes(1, 1, 20));
    assertThat(SessionPart.byRowAndPair(program)).containsExactly(SessionPart.whole(program));
  }

  @Test
  void onlyProgramsWhoseReferencesTakeSeveralCallsAreParted() {
    assertThat(parts(4)).hasSize(1);
    assertThat(parts(1)).hasSize(1);
    assertThat(parts(11)).hasSize(2);
  }

  private static List<SessionPart> parts(int references) {
    Program program = program(references);
    return OnnxDevice.CPU.parts(program, LeadLayout.of(program));
  }

  @Test
  void partsGiveWhatTheWholeGivesWhateverTheMemory() {
    int references = 11;
    Program program = program(references);
    Batch batch =
        new Batch(2, List.of(numbers(2 * SIZE, 1)), List.of(numbers(2 * references * SIZE, 5)));
    Map<String, Numbers> expected = new OracleInterpreter(program).run(batch);
    float[] contributions = null;
    for (long memory : new long[] {0, 1, 1 << 20}) {
      BackendOptions options = new BackendOptions(BackendOptions.Precision.F32, memory);
      try (Executable executable = new OnnxBackend().compile(program, options);
          Workspace workspace = executable.newWorkspace()) {
        workspace.run(batch);
        Map<String, Numbers> found = workspace.run(batch);
        for (String output : expected.keySet()) {
          assertThat(found.get(output).doubles())
              .as(output)
              .containsExactly(expected.get(output).doubles(), within(1e-5));
        }
        float[] now = found.get("contributions").floats();
        assertThat(now).isEqualTo(contributions == null ? now : contributions);
        contributions = now;
      }
    }
  }

  private static Extent extent(Program program, int id) {
    return program.instructions().get(id).out().extent();
  }

  private static Value reference(ProgramBuilder builder) {
    Extent pairs = Extent.of(Axis.ROW, Axis.REFERENCE);
    return builder.feed(Instruction.Role.REFERENCE, 0, pairs, Shape.of(SIZE));
  }

  /** min(min(f(x), 0), f(r)), where the inner minimum is of the row and the outer of the pair. */
  private static Program program(int references) {
    ProgramBuilder builder = new ProgramBuilder();
    Value x = builder.feed(Instruction.Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(SIZE));
    Value r = reference(builder);
    Value fx = builder.dense(x, WEIGHT, false, null);
    Value fr = builder.dense(r, WEIGHT, false, null);
    Value least = builder.minimum(builder.minimum(fx, builder.scalar(0)), fr);
    Value delta = builder.subtract(fx, fr);
    builder.output("prediction", builder.unary(UnaryOp.EXP, fx));
    builder.output("contributions", builder.multiply(least, delta));
    return builder.build(new Program.Sizes(1, 1, references));
  }

  private static float[] numbers(int count, int seed) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.sin(i * seed + seed);
    }
    return numbers;
  }
}
