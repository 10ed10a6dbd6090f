package org.deepliftspark.engine.importer.keras;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.keras.LocalLayers.Local;

/**
 * The kernel of a locally connected layer in any of the layouts that Keras has stored: Keras 1 and
 * {@code implementation} 1 by position, 2 as a matrix of all inputs and outputs, 3 as the sorted
 * entries of that matrix that are there.
 */
final class LocalKernel {
  /** What an entry's place takes against a number of the kernel, its sorted copy included. */
  private static final long PLACE = 4;

  private final LayerContext c;
  private final Local local;
  private final boolean channelsFirst;

  LocalKernel(LayerContext c, Local local) {
    this.c = c;
    this.local = local;
    this.channelsFirst = ConvLayers.isChannelsFirst(c.config());
  }

  /** As weights of a grouped convolution, {@code [positions * filters, taps * channels, 1]}. */
  Tensor grouped() {
    int implementation = c.config().integer(1, "implementation");
    float[] kernel =
        switch (implementation) {
          case 1 -> byPosition();
          case 2 -> ofMatrix();
          case 3 -> ofEntries();
          default ->
              throw c.config()
                  .invalid("implementation", "1, 2 or 3", c.config().find("implementation"));
        };
    return Tensor.of(
        kernel, local.positions() * local.filters(), local.taps() * local.channels(), 1);
  }

  /**
   * {@code [positions, taps * channels, filters]}; channels come before taps if they do outside.
   */
  private float[] byPosition() {
    int taps = local.taps();
    int channels = local.channels();
    int filters = local.filters();
    float[] stored =
        c.weights()
            .read(
                0,
                "kernel",
                "positions, window * channels, filters",
                local.positions(),
                taps * channels,
                filters)
            .data();
    return filled(
        (position, filter, tap, channel) -> {
          int row = channelsFirst ? channel * taps + tap : tap * channels + channel;
          return stored[(position * taps * channels + row) * filters + filter];
        });
  }

  /**
   * {@code [inputs..., channels, outputs..., filters]}, or with the channels first on both sides.
   */
  private float[] ofMatrix() {
    int axes = local.window().length;
    int[] dims = new int[2 * axes + 2];
    int first = channelsFirst ? 1 : 0;
    System.arraycopy(local.inputs(), 0, dims, first, axes);
    System.arraycopy(local.outputs(), 0, dims, axes + 1 + first, axes);
    dims[channelsFirst ? 0 : axes] = local.channels();
    dims[channelsFirst ? axes + 1 : 2 * axes + 1] = local.filters();
    float[] stored =
        c.weights().read(0, "kernel", "inputs and channels, outputs and filters", dims).data();
    int columns = local.positions() * local.filters();
    return filled(
        (position, filter, tap, channel) -> {
          int source = local.source(position, tap);
          return source < 0
              ? 0
              : stored[input(source, channel) * columns + output(position, filter)];
        });
  }

  /** Entries ordered by output and then by input. */
  private float[] ofEntries() {
    int inputs = Shape.of(local.inputs()).size() * local.channels();
    int outputs = Math.multiplyExact(local.positions(), local.filters());
    int most = Math.multiplyExact(outputs, local.taps() * local.channels());
    c.graph().builder().claim(PLACE * most);
    long[] places = new long[most];
    int count = 0;
    for (int position = 0; position < local.positions(); position++) {
      for (int tap = 0; tap < local.taps(); tap++) {
        int source = local.source(position, tap);
        for (int k = 0; source >= 0 && k < local.channels() * local.filters(); k++) {
          int output = output(position, k / local.channels());
          places[count++] = (long) output * inputs + input(source, k % local.channels());
        }
      }
    }
    long[] sorted = Arrays.copyOf(places, count);
    Arrays.sort(sorted);
    float[] stored = c.weights().read(0, "kernel", "entries", count).data();
    return filled(
        (position, filter, tap, channel) -> {
          int source = local.source(position, tap);
          long place = (long) output(position, filter) * inputs + input(source, channel);
          return source < 0 ? 0 : stored[Arrays.binarySearch(sorted, place)];
        });
  }

  private int input(int source, int channel) {
    return channelsFirst
        ? channel * Shape.of(local.inputs()).size() + source
        : source * local.channels() + channel;
  }

  private int output(int position, int filter) {
    return channelsFirst
        ? filter * local.positions() + position
        : position * local.filters() + filter;
  }

  private interface Weight {
    float of(int position, int filter, int tap, int channel);
  }

  private float[] filled(Weight weight) {
    int taps = local.taps();
    int channels = local.channels();
    int rows = Math.multiplyExact(local.positions(), local.filters());
    float[] kernel = new float[Math.multiplyExact(rows, taps * channels)];
    for (int k = 0; k < kernel.length; k++) {
      int row = k / (taps * channels);
      int column = k % (taps * channels);
      kernel[k] =
          weight.of(
              row / local.filters(), row % local.filters(), column / channels, column % channels);
    }
    return kernel;
  }
}
