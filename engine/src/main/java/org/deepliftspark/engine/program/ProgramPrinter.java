package org.deepliftspark.engine.program;

import java.util.stream.Collectors;

/**
 * Prints a program, one instruction a line: value, extent, shape, instruction, operands, where it
 * comes from.
 */
public final class ProgramPrinter {
  private ProgramPrinter() {}

  public static String print(Program program) {
    StringBuilder text = new StringBuilder();
    Program.Sizes sizes = program.sizes();
    text.append(
        String.format(
            "program: %d target(s), %d reference(s), %d sample(s)%n",
            sizes.targets(), sizes.references(), sizes.samples()));
    for (Instruction instruction : program.instructions()) {
      Value out = instruction.out();
      String operands =
          instruction.operands().stream().map(Value::toString).collect(Collectors.joining(", "));
      text.append(
          String.format(
              "%-6s %-26s %-18s %-34s %s%n",
              out,
              out.extent(),
              out.shape(),
              name(instruction) + "(" + operands + ")",
              out.label()));
    }
    for (Program.Output output : program.outputs()) {
      text.append(String.format("output %s = %s%n", output.name(), output.value()));
    }
    return text.toString();
  }

  private static String name(Instruction instruction) {
    if (instruction instanceof Instruction.Unary unary) {
      return unary.op().name();
    } else if (instruction instanceof Instruction.Binary binary) {
      return binary.op().name();
    } else if (instruction instanceof Instruction.Scalar scalar) {
      return "Scalar " + scalar.number();
    }
    return instruction.getClass().getSimpleName();
  }
}
