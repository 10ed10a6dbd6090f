package org.deepliftspark.engine.backend;

import java.util.function.Function;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.Value;

/**
 * A small program that every backend must compute as the oracle does.
 *
 * @param name the instruction and what is special about it
 * @param draw the numbers that its operands hold
 * @param result writes the program and says which value is its output
 */
record ConformanceCase(String name, Draw draw, Function<ConformanceOperands, Value> result) {
  private static final int TARGETS = 2;
  private static final int SAMPLES = 3;

  /** A program with data of its own; equal arguments give equal programs. */
  ConformanceOperands operands(int references, long seed) {
    Sizes sizes = new Sizes(TARGETS, SAMPLES, references);
    ConformanceOperands operands = new ConformanceOperands(sizes, draw, seed ^ name.hashCode());
    Value y = result.apply(operands);
    operands.builder().output("y", y);
    return operands;
  }

  /** The instruction that the case is about. */
  Instruction subject() {
    Program program = operands(1, 0).program();
    return program.definition(program.outputs().get(0).value());
  }

  @Override
  public String toString() {
    return name;
  }
}
