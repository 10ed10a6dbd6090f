package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.program.Instruction;

/** Writes the numbers of a constant, in the layout of its cell. */
final class ConstantKernel implements Kernel {
  private final Instruction.Constant constant;
  private final Cell out;
  private final Grid grid;

  ConstantKernel(Instruction.Constant constant, Cell out, Grid grid) {
    this.constant = constant;
    this.out = out;
    this.grid = grid;
  }

  @Override
  public void run(Frame frame) {
    int element = grid.element(constant.out().extent(), frame, 1);
    float[] numbers = frame.array(0, out.size());
    out.layout().store(constant.data().data(), element * out.size(), out.size(), numbers);
    out.write(frame, 0, numbers, out.size());
  }
}
