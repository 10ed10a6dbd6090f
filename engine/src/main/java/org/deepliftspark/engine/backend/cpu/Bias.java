package org.deepliftspark.engine.backend.cpu;

import java.nio.FloatBuffer;
import org.deepliftspark.engine.graph.Tensor;

/** What a product is added to: a bias repeated over all positions, or zeros. */
final class Bias implements Start {
  static final Bias NONE = new Bias(null, 1);

  private final float[] tile;
  private final int period;

  /**
   * @param bias one number per channel, in stored order; null for zeros
   */
  Bias(float[] bias, int channels) {
    this.period = bias == null ? 1 : channels;
    int copies = Math.max(1, Tiles.SIZE / period);
    this.tile = new float[copies * period];
    if (bias != null) {
      for (int i = 0; i < copies; i++) {
        System.arraycopy(bias, 0, tile, i * period, period);
      }
    }
  }

  static Bias of(Tensor bias, int channels) {
    return new Bias(bias.data(), channels);
  }

  @Override
  public void write(Frame frame, Cell out) {
    fill(frame, out, 0, out.size());
  }

  /** Writes it over {@code size} numbers from {@code from} on, a whole number of positions. */
  void fill(Frame frame, Cell out, int from, int size) {
    for (int done = 0; done < size; done += tile.length) {
      out.write(frame, from + done, tile, Math.min(tile.length, size - done));
    }
  }

  /** Writes it over the first {@code size} numbers, a whole number of positions. */
  void fill(FloatBuffer buffer, int size) {
    for (int done = 0; done < size; done += tile.length) {
      buffer.put(done, tile, 0, Math.min(tile.length, size - done));
    }
  }
}
