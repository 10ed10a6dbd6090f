package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;

/** Averages of windows, or their adjoint. Values are stored channels last. */
final class AverageKernel implements Kernel {
  private final Cell x;
  private final Cell out;
  private final boolean adjoint;
  private final int channels;
  private final int[][] members;
  private final int[] divisors;

  AverageKernel(
      Cell x, Cell out, boolean adjoint, int channels, Windows windows, boolean countPadding) {
    this.x = x;
    this.out = out;
    this.adjoint = adjoint;
    this.channels = channels;
    this.members = windows.members();
    this.divisors = new int[members.length];
    for (int window = 0; window < divisors.length; window++) {
      divisors[window] = countPadding ? windows.taps() : members[window].length;
    }
  }

  @Override
  public void run(Frame frame) {
    float[] source = x.read(frame, 0);
    float[] target = frame.array(1, out.size());
    Arrays.fill(target, 0, out.size(), 0f);
    for (int window = 0; window < members.length; window++) {
      float share = 1f / divisors[window];
      for (int cell : members[window]) {
        int inner = cell * channels;
        int outer = window * channels;
        if (adjoint) {
          add(source, outer, share, target, inner);
        } else {
          add(source, inner, share, target, outer);
        }
      }
    }
    out.write(frame, 0, target, out.size());
  }

  private void add(float[] source, int from, float share, float[] target, int to) {
    for (int channel = 0; channel < channels; channel++) {
      target[to + channel] += source[from + channel] * share;
    }
  }
}
