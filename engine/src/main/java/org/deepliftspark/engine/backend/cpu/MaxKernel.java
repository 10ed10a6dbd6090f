package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;

/**
 * Pools by the first maximum of every window and channel: what a window holds there, or back to
 * there. Values are stored channels last.
 */
final class MaxKernel implements Kernel {
  /** What is done with the first maximum. */
  enum Use {
    /** Gives the number of another value at that place. */
    SELECT,
    /** Adds the window's number to that place. */
    UNPOOL
  }

  private final Use use;
  private final Cell selector;
  private final Cell given;
  private final Cell out;
  private final int channels;
  private final int[][] members;

  MaxKernel(Use use, Cell selector, Cell given, Cell out, int channels, Windows windows) {
    this.use = use;
    this.selector = selector;
    this.given = given;
    this.out = out;
    this.channels = channels;
    this.members = windows.members();
  }

  @Override
  public void run(Frame frame) {
    float[] judged = selector.read(frame, 0);
    float[] source = given == selector ? judged : given.read(frame, 1);
    float[] target = frame.array(2, out.size());
    if (use == Use.UNPOOL) {
      Arrays.fill(target, 0, out.size(), 0f);
    }
    for (int window = 0; window < members.length; window++) {
      int[] cells = members[window];
      for (int channel = 0; channel < channels; channel++) {
        int best = cells[0] * channels + channel;
        for (int i = 1; i < cells.length; i++) {
          int cell = cells[i] * channels + channel;
          // what is not a number wins, so that no maximum hides it
          best = judged[cell] > judged[best] || Float.isNaN(judged[cell]) ? cell : best;
        }
        int at = window * channels + channel;
        if (use == Use.SELECT) {
          target[at] = source[best];
        } else {
          target[best] += source[at];
        }
      }
    }
    out.write(frame, 0, target, out.size());
  }
}
