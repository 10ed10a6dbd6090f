package org.deepliftspark.engine.program;

import java.util.ArrayList;
import java.util.List;

/** Drops instructions that no output depends on, and renumbers the rest. */
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
    Renaming renaming = new Renaming(alive.length);
    List<Instruction> kept = new ArrayList<>();
    for (int id = 0; id < alive.length; id++) {
      if (alive[id]) {
        kept.add(renaming.rename(program.instructions().get(id), kept.size()));
      }
    }
    List<Program.Output> outputs =
        program.outputs().stream()
            .map(output -> new Program.Output(output.name(), renaming.of(output.value())))
            .toList();
    return new Program(kept, outputs, program.sizes());
  }
}
