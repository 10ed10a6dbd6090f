package org.deepliftspark.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * Refuses programs that no backend can run here, before anything of their sizes is allocated: a
 * model's file of some hundred bytes can ask for values of many gigabytes.
 */
final class RoomCheck {
  /** Longest array that all JVMs can make. */
  private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private RoomCheck() {}

  /** Memory of this machine, or of the container that the process runs in. */
  static long machine() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /**
   * @param model its name, for messages
   * @param elementBytes size of a number
   * @param available bytes
   * @throws InvalidInputException if one instruction needs more for one row, one reference and one
   *     target, or a row's result fits into no array
   */
  static void check(Program program, String model, int elementBytes, long available) {
    for (Instruction instruction : program.instructions()) {
      long elements = instruction.out().shape().size();
      for (Value operand : instruction.operands()) {
        elements += operand.shape().size();
      }
      if (elements * elementBytes > available) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "Cannot explain %s: %s %s takes %.3g MB for one row, more than the %.3g MB of this machine; use a smaller model or a larger machine",
                model,
                instruction.out().label(),
                instruction.out().shape(),
                elements * elementBytes / 1e6,
                available / 1e6));
      }
    }
    for (Program.Output output : program.outputs()) {
      long elements = output.value().shape().size();
      for (Axis axis : output.value().extent().axes()) {
        elements =
            Math.min(Long.MAX_VALUE / Integer.MAX_VALUE, elements * program.sizes().of(axis, 1));
      }
      if (elements > LONGEST_ARRAY) {
        throw new InvalidInputException(
            "Cannot explain %s: %s of one row are %d numbers, more than an array holds; ask for fewer targets or references"
                .formatted(model, output.name(), elements));
      }
    }
  }
}
