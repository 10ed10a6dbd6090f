package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;

/** Numbers worked out by hand: the judge is judged by a person. */
class OracleInterpreterTest {
  private static final Extent ROW = Extent.of(Axis.ROW);
  private static final Extent PAIR = Extent.of(Axis.ROW, Axis.REFERENCE);

  private final ProgramBuilder builder = new ProgramBuilder();

  @Test
  void extentsFollowTargetSampleRowReferenceOrder() {
    Value x = builder.feed(Role.INPUT, 0, ROW, Shape.of(1));
    Value r = builder.feed(Role.REFERENCE, 0, PAIR, Shape.of(1));
    Value targets =
        builder.constant(
            Tensor.of(new float[] {1000, 2000}, 2, 1), Extent.of(Axis.TARGET), Shape.of(1));
    builder.output("y", builder.add(builder.add(x, r), targets));
    Batch batch =
        new Batch(2, List.of(new float[] {10, 20}), List.of(new float[] {1, 2, 3, 4, 5, 6}));
    assertThat(run(new Sizes(2, 1, 3), batch))
        .containsExactly(1011, 1012, 1013, 1024, 1025, 1026, 2011, 2012, 2013, 2024, 2025, 2026);
  }

  @Test
  void convolutionCountsStrideDilationAndAsymmetricPadding() {
    Value x = builder.feed(Role.INPUT, 0, ROW, Shape.of(1, 4));
    ConvGeometry geometry =
        new ConvGeometry(new int[] {2}, new int[] {1}, new int[] {2}, new int[] {2}, 1);
    builder.output(
        "y",
        builder.conv(
            x, Tensor.of(new float[] {10, 1}, 1, 1, 2), Tensor.of(new float[] {100}, 1), geometry));
    // padded input 0 1 2 3 4 0 0, windows (0, 2), (2, 4), (4, 0)
    assertThat(run(new Sizes(1, 1, 1), row(1, 2, 3, 4))).containsExactly(102, 124, 140);
  }

  @Test
  void groupsSeeTheirOwnChannelsOnly() {
    Value x = builder.feed(Role.INPUT, 0, ROW, Shape.of(2, 2));
    ConvGeometry plain = ConvGeometry.plain(1);
    ConvGeometry grouped =
        new ConvGeometry(plain.strides(), plain.padsBegin(), plain.padsEnd(), plain.dilations(), 2);
    builder.output(
        "y", builder.conv(x, Tensor.of(new float[] {2, 3, 5, 7}, 4, 1, 1), null, grouped));
    assertThat(run(new Sizes(1, 1, 1), row(1, 10, 100, 1000)))
        .containsExactly(2, 20, 3, 30, 500, 5000, 700, 7000);
  }

  @Test
  void convTransposeIsTheAdjointOfConv() {
    Value m = builder.feed(Role.INPUT, 0, ROW, Shape.of(1, 3));
    ConvGeometry geometry =
        new ConvGeometry(new int[] {2}, new int[] {1}, new int[] {2}, new int[] {2}, 1);
    builder.output(
        "y",
        builder.convTranspose(
            m, Tensor.of(new float[] {10, 1}, 1, 1, 2), geometry, Shape.of(1, 4)));
    // x0 is read by nobody, x1 by window 0 (tap 1) and window 1 (tap 0), x3 by windows 1 and 2
    assertThat(run(new Sizes(1, 1, 1), row(1, 2, 3))).containsExactly(0, 21, 0, 32);
  }

  @Test
  void poolsCreditTheFirstMaximumAndNeverThePadding() {
    Value x = builder.feed(Role.INPUT, 0, ROW, Shape.of(1, 4));
    PoolGeometry geometry =
        new PoolGeometry(new int[] {3}, new int[] {1}, new int[] {1}, new int[] {1});
    Value ones = builder.constant(Tensor.of(new float[] {1, 2, 4, 8}, 1, 4));
    Value positions = builder.constant(Tensor.of(new float[] {0, 1, 2, 3}, 1, 4));
    builder.output(
        "y",
        builder.concat(
            List.of(
                builder.maxPool(x, geometry),
                builder.maxSelect(x, positions, geometry),
                builder.maxUnpool(x, ones, geometry)),
            0));
    assertThat(run(new Sizes(1, 1, 1), row(-5, -3, -3, -9)))
        .containsExactly(-3, -3, -3, -3, 1, 1, 1, 2, 0, 7, 8, 0);
  }

  @Test
  void averagesCountPaddingOnlyWhenTold() {
    Value x = builder.feed(Role.INPUT, 0, ROW, Shape.of(1, 2));
    PoolGeometry geometry =
        new PoolGeometry(new int[] {2}, new int[] {1}, new int[] {1}, new int[] {0});
    builder.output(
        "y",
        builder.concat(
            List.of(
                builder.averagePool(x, geometry, true),
                builder.averagePool(x, geometry, false),
                builder.averageUnpool(x, geometry, true, Shape.of(1, 2)),
                builder.averageUnpool(x, geometry, false, Shape.of(1, 2))),
            0));
    assertThat(run(new Sizes(1, 1, 1), row(4, 8))).containsExactly(2, 6, 4, 6, 6, 4, 8, 4);
  }

  @Test
  void unsliceLeavesZerosBetweenTheSteps() {
    Value x = builder.feed(Role.INPUT, 0, ROW, Shape.of(2));
    builder.output("y", builder.unslice(x, new int[] {1}, new int[] {3}, Shape.of(6)));
    assertThat(run(new Sizes(1, 1, 1), row(4, 8))).containsExactly(0, 4, 0, 0, 8, 0);
  }

  @Test
  void errorFunctionAgreesWithTables() {
    assertThat(OracleKernels.erf(0.5)).isEqualTo(0.5204998778130465, within(1e-15));
    assertThat(OracleKernels.erf(-2)).isEqualTo(-0.9953222650189527, within(1e-15));
    assertThat(OracleKernels.erf(4)).isEqualTo(0.9999999845827421, within(1e-15));
  }

  private double[] run(Sizes sizes, Batch batch) {
    return new OracleInterpreter(builder.build(sizes)).run(batch).get("y").doubles();
  }

  private static Batch row(float... x) {
    return new Batch(1, List.of(x), Arrays.asList((float[]) null));
  }
}
