package org.deepliftspark.engine.importer.keras;

import static org.deepliftspark.engine.graph.ActivationFunction.Kind.ELU;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.EXPONENTIAL;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.GELU;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.GELU_TANH;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.LEAKY_RELU;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.MISH;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.RELU;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.SELU;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.SIGMOID;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.SILU;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.SOFTPLUS;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.SOFTSIGN;
import static org.deepliftspark.engine.graph.ActivationFunction.Kind.TANH;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Activations by name, as {@code activation=} gives them, and as layers of their own.
 *
 * <p>A function that Keras could not write by name (a lambda, say) has a name that is not here, and
 * is refused.
 */
final class Activations {
  /** Slope of the negative part where {@code leaky_relu} is given by name. */
  private static final float NAMED_LEAKY_SLOPE = 0.2f;

  private static final double LAYER_LEAKY_SLOPE = 0.3;

  private static final Map<String, ActivationFunction> BY_NAME =
      Map.ofEntries(
          Map.entry("relu", ActivationFunction.of(RELU)),
          Map.entry("sigmoid", ActivationFunction.of(SIGMOID)),
          Map.entry("tanh", ActivationFunction.of(TANH)),
          Map.entry("elu", ActivationFunction.of(ELU)),
          Map.entry("selu", ActivationFunction.of(SELU)),
          Map.entry("softplus", ActivationFunction.of(SOFTPLUS)),
          Map.entry("softsign", ActivationFunction.of(SOFTSIGN)),
          Map.entry("gelu", ActivationFunction.of(GELU)),
          Map.entry("silu", ActivationFunction.of(SILU)),
          Map.entry("swish", ActivationFunction.of(SILU)),
          Map.entry("mish", ActivationFunction.of(MISH)),
          Map.entry("exponential", ActivationFunction.of(EXPONENTIAL)),
          Map.entry("leaky_relu", ActivationFunction.of(LEAKY_RELU, NAMED_LEAKY_SLOPE)));

  private static final Set<String> LAYERS = Set.of("ReLU", "LeakyReLU", "ELU", "Softmax");

  private Activations() {}

  static boolean isLinear(JsonNode activation) {
    return activation == null || "linear".equals(name(activation));
  }

  static boolean isKnown(JsonNode activation) {
    String name = activation == null ? "linear" : name(activation);
    return name.equals("linear")
        || name.equals("softmax")
        || BY_NAME.containsKey(name)
        || (activation.path("config").isObject() && LAYERS.contains(name));
  }

  /** What an activation is called: a name, or the class of an object written out. */
  static String name(JsonNode activation) {
    if (activation.isTextual()) {
      return activation.textValue();
    }
    JsonNode config = activation.path("config");
    return config.isTextual()
        ? config.textValue()
        : activation.path("class_name").asText("unknown");
  }

  /** Adds a known activation that is not linear. */
  static Value add(GraphWriter graph, String name, Config config, JsonNode activation, Value in) {
    String function = name(activation);
    if (function.equals("softmax")) {
      return softmax(graph, name, in, in.rank() - 1);
    }
    ActivationFunction known = BY_NAME.get(function);
    if (known != null) {
      return graph.keep(name, new Op.Activation(known), in);
    }
    Config own = new Config(config.file(), config.layer(), activation.path("config"));
    if (function.equals("Softmax")) {
      int axis = own.integer(-1, "axis");
      return softmax(graph, name, in, axis < 0 ? axis + in.rank() : axis - 1);
    }
    return graph.keep(name, ofLayer(function, own), in);
  }

  private static Value softmax(GraphWriter graph, String name, Value in, int axis) {
    return graph.keep(name, new Op.Softmax(in.nodeAxis(axis)), in);
  }

  /** The layer {@code Activation}. */
  static Value activation(LayerContext c) {
    JsonNode activation = c.config().find("activation");
    return isLinear(activation)
        ? c.keep(new Op.Identity())
        : add(c.graph(), c.name(), c.config(), activation, c.input());
  }

  /** The layers {@code ReLU}, {@code LeakyReLU} and {@code ELU}. */
  static Value parametric(LayerContext c) {
    return c.keep(ofLayer(c.layer().className(), c.config()));
  }

  private static Op ofLayer(String className, Config config) {
    ActivationFunction function =
        switch (className) {
          case "ReLU" -> leaky(config.number(0, "negative_slope"));
          case "LeakyReLU" -> leaky(config.number(LAYER_LEAKY_SLOPE, "negative_slope", "alpha"));
          case "ELU" -> ActivationFunction.of(ELU, (float) config.number(1, "alpha"));
          default -> throw new IllegalStateException("not an activation layer: " + className);
        };
    return new Op.Activation(function);
  }

  private static ActivationFunction leaky(double slope) {
    return slope == 0
        ? ActivationFunction.of(RELU)
        : ActivationFunction.of(LEAKY_RELU, (float) slope);
  }

  static Value softmaxLayer(LayerContext c) {
    int[] axes =
        c.config().has("axis") ? c.config().ints(c.config().find("axis"), "axis") : new int[] {-1};
    if (axes.length != 1) {
      throw c.config().invalid("axis", "one axis", c.config().find("axis"));
    }
    return softmax(c.graph(), c.name(), c.input(), c.axis(axes[0], c.input().rank()));
  }

  static Value prelu(LayerContext c) {
    Value in = c.input();
    int[] dims = in.shape().dims();
    JsonNode shared = c.config().find("shared_axes");
    if (shared != null) {
      for (int axis : c.config().ints(shared, "shared_axes")) {
        dims[c.axis(axis, dims.length)] = 1;
      }
    }
    c.weights().expect(List.of("alpha"));
    Tensor slopes =
        c.weights()
            .once(
                "alpha", () -> c.weights().read(0, "alpha", "as the input, 1 where shared", dims));
    Tensor ordered = in.moved() ? slopes.permuted(Value.toFirst(dims.length)) : slopes;
    return c.keep(new Op.Activation(ActivationFunction.prelu(ordered)));
  }

  /** An operation such as {@code ops.gelu(x)}. */
  static Value operation(LayerContext c, String function) {
    boolean approximate = c.config().flag(true, "approximate");
    if (function.equals("gelu") && approximate) {
      return c.keep(new Op.Activation(ActivationFunction.of(GELU_TANH)));
    }
    return c.keep(new Op.Activation(BY_NAME.get(function)));
  }
}
