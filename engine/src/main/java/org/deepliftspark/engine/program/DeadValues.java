package org.deepliftspark.engine.program;

/** Drops instructions that no output depends on. */
public final class DeadValues {
  private DeadValues() {}

  public static Program drop(Program program) {
    boolean[] alive = new boolean[program.instructions().size()];
    for (Program.Output output : program.outputs()) {
      alive[output.value().id()] = true;
    }
    for (int id = alive.length - 1; id >= 0; id--) {
      if (alive[id]) {
        for (Value operand : program.instructions().get(id).operands()) {
          alive[operand.id()] = true;
        }
      }
    }
    ProgramBuilder code = new ProgramBuilder();
    Rewriter rewriter = new Rewriter(program, code);
    for (int id = 0; id < alive.length; id++) {
      if (alive[id]) {
        rewriter.copy(program.instructions().get(id));
      }
    }
    for (Program.Output output : program.outputs()) {
      code.output(output.name(), rewriter.of(output.value()));
    }
    return code.build(program.sizes());
  }
}
