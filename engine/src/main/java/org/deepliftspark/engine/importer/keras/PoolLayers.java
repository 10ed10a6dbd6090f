package org.deepliftspark.engine.importer.keras;

import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;

/** Pools over windows and over all positions. */
final class PoolLayers {
  private PoolLayers() {}

  static LayerReader max(int axes) {
    return c -> {
      Node from = ConvLayers.operand(c, c.input(axes + 1));
      return add(c, new Op.MaxPool(geometry(c.config(), from, axes)), from);
    };
  }

  /** Cells of the padding do not count in Keras's averages. */
  static LayerReader average(int axes) {
    return c -> {
      Node from = ConvLayers.operand(c, c.input(axes + 1));
      return add(c, new Op.AveragePool(geometry(c.config(), from, axes), false), from);
    };
  }

  static LayerReader global(int axes, Op.Reduction reduction) {
    return c -> {
      Value in = c.input(axes + 1);
      boolean keep = c.config().flag(false, "keepdims");
      int first = ConvLayers.isChannelsFirst(c.config()) ? 1 : 0; // of Keras's spatial axes
      int[] over = IntStream.range(first, first + axes).map(in::nodeAxis).sorted().toArray();
      return c.graph()
          .add(
              c.name(),
              new Op.Reduce(reduction, over, keep),
              keep && in.moved(),
              keep && in.node().channelsFirst(),
              in.node());
    };
  }

  private static Value add(LayerContext c, Op pool, Node from) {
    return c.graph().add(c.name(), pool, !ConvLayers.isChannelsFirst(c.config()), true, from);
  }

  private static PoolGeometry geometry(Config config, Node from, int axes) {
    int[] window = config.sizes(axes, "pool_size", "pool_length");
    int[] strides = config.sizes(window, "strides", "stride");
    int[] ones = IntStream.range(0, axes).map(axis -> 1).toArray();
    String padding = config.text("valid", "padding", "border_mode");
    Windows windows = Windows.of(config, padding, from.shape(), window, strides, ones);
    return new PoolGeometry(window, strides, windows.padsBegin(), windows.padsEnd());
  }
}
