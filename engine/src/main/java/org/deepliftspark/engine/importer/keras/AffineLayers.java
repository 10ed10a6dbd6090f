package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Layers that scale and shift: dense ones, and per channel batch normalisation, rescaling and
 * normalisation.
 */
final class AffineLayers {
  /** Keras's own {@code backend.epsilon()}, the least standard deviation of a Normalization. */
  private static final double LEAST_DEVIATION = 1e-7;

  private AffineLayers() {}

  static Value dense(LayerContext c) {
    Config config = c.config();
    int units = config.integer("units", "output_dim");
    boolean hasBias = config.flag(true, "use_bias", "bias");
    Value in = c.input();
    int features = in.shape().dim(-1);
    c.weights().expect(hasBias ? List.of("kernel", "bias") : List.of("kernel"));
    Tensor kernel =
        c.weights().once("kernel", () -> c.weights().read(0, "kernel", "in, out", features, units));
    Tensor bias =
        hasBias ? c.weights().once("bias", () -> c.weights().read(1, "bias", "out", units)) : null;
    Op dense = new Op.Dense(kernel, bias);
    return c.activated(
        c.graph().add(c.linearName(), dense, false, false, c.graph().kerasOrder(in)));
  }

  static Value batchNormalization(LayerContext c) {
    Value in = c.input();
    int axis = channelAxis(c, in);
    int channels = in.shape().dim(axis);
    boolean scaled = c.config().flag(true, "scale");
    boolean centered = c.config().flag(true, "center");
    List<String> names = new ArrayList<>(List.of("moving_mean", "moving_variance"));
    names.addAll(0, centered ? List.of("beta") : List.of());
    names.addAll(0, scaled ? List.of("gamma") : List.of());
    c.weights().expect(names);
    double[][] weights = new double[names.size()][];
    for (int k = 0; k < weights.length; k++) {
      String name = names.get(k);
      int index = k;
      weights[k] =
          doubles(
              c.weights().once(name, () -> c.weights().read(index, name, "channels", channels)));
    }
    double epsilon = c.config().number(1e-3, "epsilon");
    double[] mean = weights[weights.length - 2];
    double[] variance = weights[weights.length - 1];
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int k = 0; k < channels; k++) {
      scale[k] = (scaled ? weights[0][k] : 1) / Math.sqrt(variance[k] + epsilon);
      shift[k] = (centered ? weights[scaled ? 1 : 0][k] : 0) - mean[k] * scale[k];
    }
    return perChannel(c, in, axis, scale, shift);
  }

  /** {@code x * scale + offset}, both one number or one per channel. */
  static Value rescaling(LayerContext c) {
    Value in = c.input();
    int axis = in.rank() - 1;
    int channels = in.shape().dim(axis);
    double[] scale = spread(c.config(), "scale", 1, channels);
    double[] offset = spread(c.config(), "offset", 0, channels);
    return perChannel(c, in, axis, scale, offset);
  }

  static Value normalization(LayerContext c) {
    Value in = c.input();
    int axis = keepsAxis(c) ? channelAxis(c, in) : in.rank() - 1;
    int channels = in.shape().dim(axis);
    boolean configured = c.config().has("mean");
    double[] mean =
        configured ? spread(c.config(), "mean", 0, channels) : adapted(c, 0, "mean", channels);
    double[] variance =
        configured
            ? spread(c.config(), "variance", 1, channels)
            : adapted(c, 1, "variance", channels);
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    boolean invert = c.config().flag(false, "invert");
    for (int k = 0; k < channels; k++) {
      double deviation = Math.max(Math.sqrt(variance[k]), LEAST_DEVIATION);
      scale[k] = invert ? deviation : 1 / deviation;
      shift[k] = invert ? mean[k] : -mean[k] / deviation;
    }
    return perChannel(c, in, axis, scale, shift);
  }

  /** {@code axis=None}, which Keras 3 writes as an empty list, keeps no axis apart. */
  private static boolean keepsAxis(LayerContext c) {
    JsonNode axis = c.config().find("axis");
    return axis != null && (axis.isNumber() || !axis.isEmpty());
  }

  /** Statistics that {@code adapt} stored; one number for all where no axis is kept. */
  private static double[] adapted(LayerContext c, int index, String name, int channels) {
    c.weights()
        .expect(
            c.weights().count() == 2
                ? List.of("mean", "variance")
                : List.of("mean", "variance", "count"));
    Tensor stored =
        c.weights()
            .once(
                name,
                () ->
                    keepsAxis(c)
                        ? c.weights().read(index, name, "channels", channels)
                        : c.weights().read(index, name, "one number"));
    double[] values = doubles(stored);
    return values.length == channels ? values : filled(values[0], channels);
  }

  private static Value perChannel(
      LayerContext c, Value in, int axis, double[] scale, double[] shift) {
    return c.keep(new Op.ChannelAffine(tensor(scale), tensor(shift), in.nodeAxis(axis)));
  }

  /** The one axis that a layer keeps apart; given as a number or a list of one. */
  private static int channelAxis(LayerContext c, Value in) {
    JsonNode axis = c.config().find("axis");
    int[] axes = axis == null ? new int[] {-1} : c.config().ints(axis, "axis");
    if (axes.length != 1) {
      throw new ModelFormatException(
          "Invalid axis of layer '%s' in %s: expected one axis, found %s"
              .formatted(c.name(), c.config().file(), Arrays.toString(axes)));
    }
    return c.axis(axes[0], in.rank());
  }

  /** One number for all channels, or nested lists that hold one per channel. */
  private static double[] spread(Config config, String key, double otherwise, int channels) {
    JsonNode value = config.find(key);
    if (value == null) {
      return filled(otherwise, channels);
    }
    JsonNode list = value;
    while (list.isArray() && list.size() == 1 && list.get(0).isArray()) {
      list = list.get(0);
    }
    if (!list.isArray()) {
      return filled(config.number(otherwise, key), channels);
    }
    if (list.size() != channels && list.size() != 1) {
      throw config.invalid(key, "one number or " + channels, value);
    }
    double[] values = new double[channels];
    for (int k = 0; k < channels; k++) {
      JsonNode entry = list.get(list.size() == 1 ? 0 : k);
      if (!entry.isNumber()) {
        throw config.invalid(key, "numbers", value);
      }
      values[k] = entry.doubleValue();
    }
    return values;
  }

  private static double[] filled(double value, int count) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = tensor.data()[k];
    }
    return values;
  }

  private static Tensor tensor(double[] values) {
    float[] data = new float[values.length];
    for (int k = 0; k < data.length; k++) {
      data[k] = (float) values[k];
    }
    return Tensor.of(data, data.length);
  }
}
