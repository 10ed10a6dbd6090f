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

  /** Over all positions, which lie behind the channels: a maximum has a rule only there. */
  static LayerReader global(int axes, Op.Reduction reduction) {
    return c -> {
      Node from = ConvLayers.operand(c, c.input(axes + 1));
      boolean keep = c.config().flag(false, "keepdims");
      int[] positions = IntStream.rangeClosed(1, axes).toArray();
      boolean moved = keep && !ConvLayers.isChannelsFirst(c.config());
      Op reduce = new Op.Reduce(reduction, positions, keep);
      return c.graph().add(c.name(), reduce, moved, keep, from);
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
