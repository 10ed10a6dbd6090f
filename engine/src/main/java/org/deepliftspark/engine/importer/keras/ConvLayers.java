package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Convolutions of one to three axes: plain, depthwise and separable. Kernels are turned from
 * Keras's {@code [window..., in, out]} into {@code [out, in, window...]}.
 */
final class ConvLayers {

  private ConvLayers() {}

  static LayerReader plain(int axes) {
    return c -> {
      Config config = c.config();
      int[] window = window(config, axes);
      int filters = config.integer("filters", "nb_filter");
      int groups = config.integer(1, "groups");
      Value in = c.input(axes + 1);
      Node from = operand(c, in);
      int channels = from.shape().dim(0);
      if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
        throw config.invalid(
            "groups",
            "a divisor of " + channels + " channels and " + filters + " filters",
            config.find("groups"));
      }
      boolean bias = config.flag(true, "use_bias", "bias");
      c.weights().expect(names("kernel", bias));
      Tensor kernel =
          c.weights().once("kernel", () -> kernel(c, window, channels / groups, filters));
      Op conv =
          new Op.Conv(kernel, bias(c, 1, bias, filters), geometry(config, from, window, groups));
      return c.activated(c.graph().add(c.linearName(), conv, !isChannelsFirst(config), true, from));
    };
  }

  static LayerReader depthwise(int axes) {
    return c -> {
      Config config = c.config();
      boolean bias = config.flag(true, "use_bias", "bias");
      Node from = operand(c, c.input(axes + 1));
      int out = from.shape().dim(0) * multiplier(config);
      c.weights().expect(names("depthwise_kernel", bias));
      return c.activated(depthwise(c, axes, c.linearName(), from, bias(c, 1, bias, out)));
    };
  }

  static LayerReader separable(int axes) {
    return c -> {
      Config config = c.config();
      boolean bias = config.flag(true, "use_bias", "bias");
      int filters = config.integer("filters", "nb_filter");
      Node from = operand(c, c.input(axes + 1));
      c.weights().expect(names("depthwise_kernel, pointwise_kernel", bias));
      Value between = depthwise(c, axes, c.aside("depthwise"), from, null);
      int channels = between.node().shape().dim(0);
      Tensor kernel = c.weights().once("pointwise", () -> pointwise(c, axes, channels, filters));
      Op conv = new Op.Conv(kernel, bias(c, 2, bias, filters), ConvGeometry.plain(axes));
      return c.activated(
          c.graph().add(c.linearName(), conv, between.moved(), true, between.node()));
    };
  }

  static LayerReader transposed(int axes) {
    return c -> {
      Config config = c.config();
      int[] window = window(config, axes);
      int filters = config.integer("filters");
      boolean bias = config.flag(true, "use_bias");
      Node from = operand(c, c.input(axes + 1));
      int channels = from.shape().dim(0);
      c.weights().expect(names("kernel", bias));
      Tensor kernel =
          c.weights().once("kernel", () -> transposedKernel(c, window, filters, channels));
      Op conv = transposed(c, kernel, bias(c, 1, bias, filters), from.shape(), window);
      return c.activated(c.graph().add(c.linearName(), conv, !isChannelsFirst(config), true, from));
    };
  }

  private static Tensor transposedKernel(LayerContext c, int[] window, int out, int in) {
    String axes = windowNames(window.length) + ", out, in";
    return c.weights()
        .read(0, "kernel", axes, join(window, out, in))
        .permuted(outFirst(window.length, false));
  }

  /** Lengths as {@code compute_conv_transpose_output_shape} of Keras has them. */
  private static Op transposed(LayerContext c, Tensor kernel, Tensor bias, Shape in, int[] window) {
    Config config = c.config();
    int axes = window.length;
    int[] ones = ones(axes);
    int[] strides = config.sizes(ones, "strides");
    int[] dilations = config.sizes(ones, "dilation_rate");
    int[] further = config.has("output_padding") ? furtherCells(config, axes) : null;
    boolean same = config.text("valid", "padding").equals("same");
    int[] begin = new int[axes];
    int[] end = new int[axes];
    int[] to = new int[axes + 1];
    to[0] = kernel.shape().dim(1);
    for (int axis = 0; axis < axes; axis++) {
      int length = in.dim(axis + 1);
      int span = Math.addExact(Math.multiplyExact(dilations[axis], window[axis] - 1), 1);
      int whole = Math.addExact(Math.multiplyExact(length - 1, strides[axis]), span);
      int plain = same ? length * strides[axis] : whole + Math.max(strides[axis] - span, 0);
      int margin = same ? span / 2 : 0;
      to[axis + 1] = further == null ? plain : whole - 2 * margin + further[axis];
      int total = same ? Math.max(0, whole - to[axis + 1]) : 0;
      begin[axis] = total / 2;
      end[axis] = total - begin[axis];
    }
    ConvGeometry geometry = new ConvGeometry(strides, begin, end, dilations, 1);
    return new Op.ConvTranspose(kernel, bias, geometry, Shape.of(to));
  }

  private static int[] furtherCells(Config config, int axes) {
    int[] given = config.ints(config.find("output_padding"), "output_padding");
    int[] cells = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      cells[axis] = given[given.length == 1 ? 0 : axis];
    }
    return cells;
  }

  private static Value depthwise(LayerContext c, int axes, String name, Node from, Tensor bias) {
    Config config = c.config();
    int[] window = window(config, axes);
    int channels = from.shape().dim(0);
    int multiplier = multiplier(config);
    Tensor kernel =
        c.weights().once("depthwise", () -> depthwiseKernel(c, window, channels, multiplier));
    Op conv = new Op.Conv(kernel, bias, geometry(config, from, window, channels));
    return c.graph().add(name, conv, !isChannelsFirst(config), true, from);
  }

  private static int multiplier(Config config) {
    return config.sizes(ones(1), "depth_multiplier")[0];
  }

  /** Output channel {@code c * multiplier + m} reads input channel {@code c}. */
  private static Tensor depthwiseKernel(
      LayerContext c, int[] window, int channels, int multiplier) {
    int[] stored = join(window, channels, multiplier);
    String axes = windowNames(window.length) + ", in, multiplier";
    Tensor kernel = c.weights().read(0, "depthwise_kernel", axes, stored);
    Tensor turned = mirrored(c, kernel.permuted(outFirst(window.length, true)), window);
    return turned.reshaped(join(new int[] {channels * multiplier, 1}, window));
  }

  private static Tensor pointwise(LayerContext c, int axes, int channels, int filters) {
    int[] ones = ones(axes);
    String names = windowNames(axes) + ", in, out";
    return c.weights()
        .read(1, "pointwise_kernel", names, join(ones, channels, filters))
        .permuted(outFirst(axes, false));
  }

  private static Tensor kernel(LayerContext c, int[] window, int in, int out) {
    Shape found = c.weights().shape(0, "kernel");
    if (c.layer().className().startsWith("Convolution")
        || c.layer().className().startsWith("Atrous")) {
      Tensor old = kerasOneKernel(c, found, window, in, out);
      if (old != null) {
        return mirrored(c, old, window);
      }
    }
    Tensor kernel =
        c.weights()
            .read(0, "kernel", windowNames(window.length) + ", in, out", join(window, in, out));
    return mirrored(c, kernel.permuted(outFirst(window.length, false)), window);
  }

  /** The layouts of Keras 1 that differ from later ones, or null if it is none of them. */
  private static Tensor kerasOneKernel(LayerContext c, Shape found, int[] window, int in, int out) {
    int[] dims = found.dims();
    if (window.length == 1 && Arrays.equals(dims, new int[] {window[0], 1, in, out})) {
      return c.weights().read(0, "kernel").permuted(3, 2, 0, 1).reshaped(out, in, window[0]);
    } else if (window.length == 1 && Arrays.equals(dims, new int[] {out, in, window[0], 1})) {
      return c.weights().read(0, "kernel").reshaped(out, in, window[0]);
    } else if (window.length == 2 && isChannelsFirst(c.config())) {
      if (!c.weights().saysBackend()) {
        throw new UnsupportedModelException(
            ("Cannot import %s: layer '%s' keeps its kernel in Theano's order (dim_ordering 'th') and the file does not say whether"
                    + " Theano or TensorFlow trained it; load it with Keras 2 and save it again")
                .formatted(c.config().file(), c.name()));
      }
      return c.weights()
          .read(0, "kernel", "out, in, height, width", join(new int[] {out, in}, window));
    }
    return null;
  }

  /** Theano convolves where all others correlate, so its kernels are stored back to front. */
  private static Tensor mirrored(LayerContext c, Tensor kernel, int[] window) {
    if (!c.weights().mirroredKernels()) {
      return kernel;
    }
    int taps = 1;
    for (int length : window) {
      taps *= length;
    }
    float[] from = kernel.data();
    float[] to = new float[from.length];
    for (int start = 0; start < to.length; start += taps) {
      for (int tap = 0; tap < taps; tap++) {
        to[start + tap] = from[start + taps - 1 - tap];
      }
    }
    return Tensor.of(to, kernel.shape());
  }

  private static Tensor bias(LayerContext c, int index, boolean has, int filters) {
    return has
        ? c.weights().once("bias", () -> c.weights().read(index, "bias", "out", filters))
        : null;
  }

  private static ConvGeometry geometry(Config config, Node from, int[] window, int groups) {
    int[] ones = ones(window.length);
    Windows windows =
        Windows.of(
            config,
            config.text("valid", "padding", "border_mode"),
            from.shape(),
            window,
            config.sizes(ones, "strides", "subsample", "subsample_length"),
            config.sizes(ones, "dilation_rate", "atrous_rate"));
    return new ConvGeometry(
        windows.strides(), windows.padsBegin(), windows.padsEnd(), windows.dilations(), groups);
  }

  static int[] window(Config config, int axes) {
    if (axes == 2 && config.has("nb_row") && config.has("nb_col")) {
      return new int[] {config.sizes(1, "nb_row")[0], config.sizes(1, "nb_col")[0]};
    }
    return config.sizes(axes, "kernel_size", "filter_length");
  }

  static boolean isChannelsFirst(Config config) {
    String format = config.text("channels_last", "data_format", "dim_ordering");
    return format.equals("channels_first") || format.equals("th");
  }

  /** The input with its channels in front, wherever the layer has them. */
  static Node operand(LayerContext c, Value in) {
    return isChannelsFirst(c.config()) ? c.graph().kerasOrder(in) : c.graph().channelsFirst(in);
  }

  private static List<String> names(String kernels, boolean bias) {
    List<String> names = new ArrayList<>(Arrays.asList(kernels.split(", ")));
    if (bias) {
      names.add("bias");
    }
    return names;
  }

  private static int[] ones(int axes) {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static String windowNames(int axes) {
    return List.of("width", "height, width", "depth, height, width").get(axes - 1);
  }

  /** {@code [window..., in, out]} to {@code [out, in, window...]}, or with in and out swapped. */
  private static int[] outFirst(int axes, boolean inFirst) {
    int in = axes;
    int out = axes + 1;
    int[] lead = inFirst ? new int[] {in, out} : new int[] {out, in};
    return join(lead, IntStream.range(0, axes).toArray());
  }

  private static int[] join(int[] a, int... b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
