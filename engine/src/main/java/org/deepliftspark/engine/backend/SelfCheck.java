package org.deepliftspark.engine.backend;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * A convolution and a product of matrices, small enough to do by plain loops too; the numbers are
 * whole, so results are exact on whatever computes them.
 */
public final class SelfCheck {
  private static final int LENGTH = 7;
  private static final int HIDDEN = 12;
  private static final int OUT = 2;

  private SelfCheck() {}

  /**
   * Compiles and runs the small network.
   *
   * @return what is wrong with its numbers, or empty
   */
  public static Optional<String> run(Function<Program, Executable> compiler) {
    float[] input = whole(2 * LENGTH);
    float[] kernel = whole(3 * 2 * 3);
    float[] weight = whole(HIDDEN * OUT);
    float[] found;
    try (Executable executable = compiler.apply(program(kernel, weight));
        Workspace workspace = executable.newWorkspace()) {
      found = workspace.run(new Batch(1, List.of(input), List.of())).get("y").floats();
    }
    float[] expected = expected(input, kernel, weight);
    for (int i = 0; i < expected.length; i++) {
      if (found[i] != expected[i]) {
        return Optional.of("a small network gives " + found[i] + ", expected " + expected[i]);
      }
    }
    return Optional.empty();
  }

  private static float[] whole(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i * 7 % 5 - 2;
    }
    return numbers;
  }

  /**
   * Convolution [2, 7] to [3, 4] with width 3, stride 2 and padding 1, then a product with [12, 2].
   */
  private static Program program(float[] kernel, float[] weight) {
    ProgramBuilder builder = new ProgramBuilder();
    Value x = builder.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(2, LENGTH));
    int[] one = {1};
    ConvGeometry geometry = new ConvGeometry(new int[] {2}, one, one, one, 1);
    Value y = builder.conv(x, Tensor.of(kernel, 3, 2, 3), null, geometry);
    Value flat = builder.reshape(y, Shape.of(HIDDEN));
    builder.output("y", builder.dense(flat, Tensor.of(weight, HIDDEN, OUT), false, null));
    return builder.build(new Sizes(1, 1, 1));
  }

  private static float[] expected(float[] input, float[] kernel, float[] weight) {
    float[] hidden = new float[HIDDEN];
    for (int i = 0; i < hidden.length; i++) {
      for (int tap = 0; tap < 6; tap++) {
        int position = i % 4 * 2 - 1 + tap % 3;
        if (position >= 0 && position < LENGTH) {
          hidden[i] += kernel[i / 4 * 6 + tap] * input[tap / 3 * LENGTH + position];
        }
      }
    }
    float[] out = new float[OUT];
    for (int i = 0; i < HIDDEN * OUT; i++) {
      out[i % OUT] += hidden[i / OUT] * weight[i];
    }
    return out;
  }
}
