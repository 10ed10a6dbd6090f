package org.deepliftspark.engine.importer.keras;

import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.LinearMaps;

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

  /** Windows that cut an axis into as many parts as are asked for, overlapping where they must. */
  static LayerReader adaptiveAverage(int axes) {
    return c -> {
      int[] parts = c.config().sizes(axes, "output_size");
      Node value = ConvLayers.operand(c, c.input(axes + 1));
      for (int axis = 1; axis <= axes; axis++) {
        int length = value.shape().dim(axis);
        int count = parts[axis - 1];
        float[] means = LinearMaps.matrix(c.graph().builder(), length, count);
        for (int part = 0; part < count; part++) {
          int start = (int) ((long) part * length / count);
          int end = (int) (((part + 1L) * length + count - 1) / count);
          for (int cell = start; cell < end; cell++) {
            means[cell * count + part] = 1f / (end - start);
          }
        }
        String name = axis == axes ? c.name() : c.aside("axis_" + axis);
        Tensor matrix = Tensor.of(means, length, count);
        value = LinearMaps.along(c.graph().builder(), name, value, axis, matrix);
      }
      return new Value(value, !ConvLayers.isChannelsFirst(c.config()));
    };
  }

  /** Where the parts are equally long, a pool. */
  static LayerReader adaptiveMax(int axes) {
    return c -> {
      int[] parts = c.config().sizes(axes, "output_size");
      Node from = ConvLayers.operand(c, c.input(axes + 1));
      int[] window = new int[axes];
      for (int axis = 0; axis < axes; axis++) {
        int length = from.shape().dim(axis + 1);
        if (length % parts[axis] != 0) {
          throw c.config()
              .invalid(
                  "output_size",
                  "a divisor of " + length + " positions",
                  c.config().find("output_size"));
        }
        window[axis] = length / parts[axis];
      }
      return add(
          c, new Op.MaxPool(new PoolGeometry(window, window, new int[axes], new int[axes])), from);
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
