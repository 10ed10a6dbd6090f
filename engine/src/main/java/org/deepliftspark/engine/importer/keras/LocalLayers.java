package org.deepliftspark.engine.importer.keras;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.LayerNodes;
import org.deepliftspark.engine.importer.LinearMaps;

/**
 * Locally connected layers: a convolution with other weights at every position. A convolution with
 * kernels of a single one cuts out the windows, and a grouped convolution of width 1, with a group
 * per position, weighs them.
 */
final class LocalLayers {
  private LocalLayers() {}

  static LayerReader of(int axes) {
    return c -> {
      Node from = ConvLayers.operand(c, c.input(axes + 1));
      Local local = Local.of(c, from.shape(), axes);
      boolean bias = c.config().flag(true, "use_bias", "bias");
      c.weights().expect(bias ? List.of("kernel", "bias") : List.of("kernel"));
      Tensor kernel = c.weights().once("kernel", () -> new LocalKernel(c, local).grouped());
      Tensor offset = bias ? c.weights().once("bias", () -> bias(c, local)) : null;
      LayerNodes nodes = c.nodes();
      Op cut = new Op.Conv(local.windowsKernel(c.graph().builder()), null, local.geometry());
      Node windows = nodes.add("windows", cut, from);
      Node perPosition = nodes.transpose("per_position", windows, Value.toLast(axes + 1));
      int taps = local.taps() * local.channels();
      Node rows = nodes.reshape("rows", perPosition, local.positions() * taps, 1);
      ConvGeometry groups =
          new ConvGeometry(new int[] {1}, new int[1], new int[1], new int[] {1}, local.positions());
      Node weighed = nodes.add("weighed", new Op.Conv(kernel, offset, groups), rows);
      int[] dims = Arrays.copyOf(local.outputs(), axes + 1);
      dims[axes] = local.filters();
      boolean first = ConvLayers.isChannelsFirst(c.config());
      Op apart = new Op.Reshape(Shape.of(dims));
      String name = first ? c.aside("last") : c.linearName();
      Value last = c.graph().add(name, apart, false, false, weighed);
      if (!first) {
        return c.activated(last);
      }
      Op toFirst = new Op.Transpose(Value.toFirst(axes + 1));
      return c.activated(c.graph().add(c.linearName(), toFirst, false, true, last.node()));
    };
  }

  private static Tensor bias(LayerContext c, Local local) {
    Tensor stored = c.weights().read(1, "bias");
    int[] dims = stored.shape().dims();
    int[] expected = Arrays.copyOf(local.outputs(), local.outputs().length + 1);
    expected[expected.length - 1] = local.filters();
    int[] filtersFirst = Shape.of(expected).permuted(Value.toFirst(expected.length)).dims();
    boolean first = ConvLayers.isChannelsFirst(c.config());
    if (Arrays.equals(dims, expected)) {
      return stored.reshaped(stored.size());
    } else if (first && Arrays.equals(dims, filtersFirst)) {
      return stored.permuted(Value.toLast(dims.length)).reshaped(stored.size());
    }
    throw c.weights().invalidShape("bias", "positions, filters", expected, stored.shape());
  }

  /**
   * The sizes of a layer.
   *
   * @param inputs positions per axis
   * @param outputs positions per axis
   */
  record Local(
      int channels, int filters, int[] inputs, int[] outputs, int[] window, ConvGeometry geometry) {

    static Local of(LayerContext c, Shape in, int axes) {
      Config config = c.config();
      int[] window = ConvLayers.window(config, axes);
      int[] ones = new int[axes];
      Arrays.fill(ones, 1);
      int[] strides = config.sizes(ones, "strides", "subsample", "subsample_length");
      String padding = config.text("valid", "padding", "border_mode");
      Windows windows = Windows.of(config, padding, in, window, strides, ones);
      ConvGeometry geometry =
          new ConvGeometry(strides, windows.padsBegin(), windows.padsEnd(), ones, 1);
      int[] inputs = Arrays.copyOfRange(in.dims(), 1, axes + 1);
      int[] outputs = new int[axes];
      Arrays.setAll(outputs, axis -> geometry.outputLength(axis, inputs[axis], window[axis]));
      int filters = config.integer("filters", "nb_filter");
      return new Local(in.dim(0), filters, inputs, outputs, window, geometry);
    }

    int positions() {
      return Shape.of(outputs).size();
    }

    int taps() {
      return Shape.of(window).size();
    }

    /** Output channel {@code tap * channels + channel} is the input's channel at that tap. */
    Tensor windowsKernel(GraphBuilder graph) {
      int taps = taps();
      int side = Math.multiplyExact(taps, channels);
      float[] kernel = LinearMaps.matrix(graph, side, side);
      for (int tap = 0; tap < taps; tap++) {
        for (int channel = 0; channel < channels; channel++) {
          kernel[((tap * channels + channel) * channels + channel) * taps + tap] = 1;
        }
      }
      int[] dims = new int[window.length + 2];
      dims[0] = taps * channels;
      dims[1] = channels;
      System.arraycopy(window, 0, dims, 2, window.length);
      return Tensor.of(kernel, dims);
    }

    /** The flat input position that a tap of an output position reads, or -1 in the padding. */
    int source(int position, int tap) {
      int flat = 0;
      for (int axis = 0; axis < window.length; axis++) {
        int at =
            index(position, outputs, axis) * geometry.strides()[axis]
                + index(tap, window, axis)
                - geometry.padsBegin()[axis];
        if (at < 0 || at >= inputs[axis]) {
          return -1;
        }
        flat = flat * inputs[axis] + at;
      }
      return flat;
    }

    private static int index(int flat, int[] dims, int axis) {
      int rest = flat;
      for (int later = dims.length - 1; later > axis; later--) {
        rest /= dims[later];
      }
      return rest % dims[axis];
    }
  }
}
