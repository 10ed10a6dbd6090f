package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.program.Extent;

/** Gives out a value, in the program's order. */
final class OutputKernel implements Kernel {
  private final String name;
  private final Cell x;
  private final Extent extent;
  private final Grid grid;

  /**
   * @param extent axes of the result, those of length 1 too
   */
  OutputKernel(String name, Cell x, Extent extent, Grid grid) {
    this.name = name;
    this.x = x;
    this.extent = extent;
    this.grid = grid;
  }

  @Override
  public void run(Frame frame) {
    int element = grid.element(extent, frame, frame.batch().rows());
    float[] numbers = x.read(frame, 0);
    System.arraycopy(numbers, 0, frame.result(name), element * x.size(), x.size());
  }
}
