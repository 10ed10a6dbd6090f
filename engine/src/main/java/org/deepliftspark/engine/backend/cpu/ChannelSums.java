package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;

/** Sums or means over all positions, per channel; stored channels last. */
final class ChannelSums implements Kernel {
  private final Cell x;
  private final Cell out;
  private final boolean mean;

  ChannelSums(Cell x, Cell out, boolean mean) {
    this.x = x;
    this.out = out;
    this.mean = mean;
  }

  @Override
  public void run(Frame frame) {
    int channels = out.size();
    int step = Math.max(1, Tiles.SIZE / channels) * channels;
    float[] tile = frame.array(0, step);
    float[] sums = frame.array(1, step);
    Arrays.fill(sums, 0, step, 0f);
    double[] totals = new double[channels];
    for (int from = 0; from < x.size(); from += step) {
      int n = Math.min(step, x.size() - from);
      x.read(frame, from, tile, n);
      Tiles.add(sums, tile, sums, n);
    }
    for (int i = 0; i < step; i++) {
      totals[i % channels] += sums[i];
    }
    double divisor = mean ? (double) x.size() / channels : 1;
    float[] target = frame.array(0, channels);
    for (int channel = 0; channel < channels; channel++) {
      target[channel] = (float) (totals[channel] / divisor);
    }
    out.write(frame, 0, target, channels);
  }
}
