package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.program.Instruction;

/** Brings in a row, or a reference of a row, from the batch. */
final class FeedKernel implements Kernel {
  private final Instruction.Feed feed;
  private final Cell out;
  private final Grid grid;

  FeedKernel(Instruction.Feed feed, Cell out, Grid grid) {
    this.feed = feed;
    this.out = out;
    this.grid = grid;
  }

  @Override
  public void run(Frame frame) {
    boolean isInput = feed.role() == Instruction.Role.INPUT;
    float[] array =
        (isInput ? frame.batch().inputs() : frame.batch().references()).get(feed.input());
    int element = grid.element(feed.out().extent(), frame, frame.batch().rows());
    float[] numbers = frame.array(0, out.size());
    System.arraycopy(array, element * out.size(), numbers, 0, out.size());
    out.write(frame, 0, numbers, out.size());
  }
}
