package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.AxisOrder;
import org.deepliftspark.engine.importer.Functions;
import org.deepliftspark.engine.importer.LayerNodes;

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

  private static final double SQUARE_PLUS_B = 4;

  private static final Map<String, ActivationFunction> BY_NAME =
      Map.ofEntries(
          Map.entry("relu", ActivationFunction.of(Kind.RELU)),
          Map.entry("sigmoid", ActivationFunction.of(Kind.SIGMOID)),
          Map.entry("tanh", ActivationFunction.of(Kind.TANH)),
          Map.entry("elu", ActivationFunction.of(Kind.ELU)),
          Map.entry("selu", ActivationFunction.of(Kind.SELU)),
          Map.entry("softplus", ActivationFunction.of(Kind.SOFTPLUS)),
          Map.entry("softsign", ActivationFunction.of(Kind.SOFTSIGN)),
          Map.entry("gelu", ActivationFunction.of(Kind.GELU)),
          Map.entry("silu", ActivationFunction.of(Kind.SILU)),
          Map.entry("swish", ActivationFunction.of(Kind.SILU)),
          Map.entry("mish", ActivationFunction.of(Kind.MISH)),
          Map.entry("relu6", ActivationFunction.clip(0, 6)),
          Map.entry("celu", ActivationFunction.of(Kind.CELU)),
          Map.entry("hard_sigmoid", ActivationFunction.of(Kind.HARD_SIGMOID)),
          Map.entry("hard_silu", ActivationFunction.of(Kind.HARD_SWISH)),
          Map.entry("hard_swish", ActivationFunction.of(Kind.HARD_SWISH)),
          Map.entry("hard_tanh", ActivationFunction.clip(-1, 1)),
          Map.entry("log_sigmoid", ActivationFunction.of(Kind.LOG_SIGMOID)),
          Map.entry("soft_shrink", ActivationFunction.of(Kind.SOFT_SHRINK)),
          Map.entry("sparse_sigmoid", ActivationFunction.of(Kind.HARD_SIGMOID, 0.5f, 0.5f)),
          Map.entry("exponential", ActivationFunction.of(Kind.EXPONENTIAL)),
          Map.entry("leaky_relu", ActivationFunction.of(Kind.LEAKY_RELU, NAMED_LEAKY_SLOPE)));

  /** What {@code hard_sigmoid} was before Keras 3. */
  private static final ActivationFunction FORMER_HARD_SIGMOID =
      ActivationFunction.of(Kind.HARD_SIGMOID, 0.2f, 0.5f);

  /** Functions of arithmetic, which only operations between layers name. */
  private static final Map<String, ActivationFunction> ARITHMETIC =
      Map.of(
          "absolute", ActivationFunction.of(Kind.ABS),
          "abs", ActivationFunction.of(Kind.ABS),
          "square", ActivationFunction.of(Kind.SQUARE),
          "sqrt", ActivationFunction.of(Kind.SQRT),
          "log", ActivationFunction.of(Kind.LOG),
          "reciprocal", ActivationFunction.of(Kind.RECIPROCAL),
          "exp", ActivationFunction.of(Kind.EXPONENTIAL));

  /** Functions of several nodes. */
  private static final Map<String, Composed> COMPOSED =
      Map.of(
          "hard_shrink", (graph, name, x) -> Functions.hardShrink(graph, name, x, 0.5f),
          "tanh_shrink", Functions::tanhShrink,
          "squareplus", (graph, name, x) -> Functions.squarePlus(graph, name, x, SQUARE_PLUS_B),
          "sparse_plus", Functions::sparsePlus,
          "log_softmax",
              (graph, name, x) -> Functions.logSoftmax(graph, name, x, x.shape().rank() - 1),
          "glu", (graph, name, x) -> Functions.gated(graph, name, x, x.shape().rank() - 1));

  private interface Composed {
    Node add(GraphBuilder graph, String name, Node x);
  }

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
        || COMPOSED.containsKey(name)
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
    ActivationFunction known = named(graph, function);
    if (known != null) {
      return graph.keep(name, new Op.Activation(known), in);
    }
    Composed composed = COMPOSED.get(function);
    if (composed != null) {
      return new Value(composed.add(graph.builder(), name, graph.kerasOrder(in)), false);
    }
    Config own = new Config(config.file(), config.layer(), activation.path("config"));
    if (function.equals("Softmax")) {
      int axis = own.integer(-1, "axis");
      return softmax(graph, name, in, axis < 0 ? axis + in.rank() : axis - 1);
    }
    return layer(graph, name, function, own, in);
  }

  private static ActivationFunction named(GraphWriter graph, String function) {
    return function.equals("hard_sigmoid") && graph.isBeforeKeras3()
        ? FORMER_HARD_SIGMOID
        : BY_NAME.get(function);
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

  /** The layers {@code ReLU}, {@code LeakyReLU}, {@code ELU} and {@code ThresholdedReLU}. */
  static Value parametric(LayerContext c) {
    return layer(c.graph(), c.name(), c.layer().className(), c.config(), c.input());
  }

  private static Value layer(
      GraphWriter graph, String name, String className, Config config, Value in) {
    ActivationFunction function =
        switch (className) {
          case "ReLU" -> relu(config);
          case "LeakyReLU" -> leaky(config.number(LAYER_LEAKY_SLOPE, "negative_slope", "alpha"));
          case "ELU" -> ActivationFunction.of(Kind.ELU, (float) config.number(1, "alpha"));
          case "ThresholdedReLU" ->
              ActivationFunction.of(Kind.THRESHOLDED_RELU, (float) config.number(1, "theta"));
          default -> throw new IllegalStateException("not an activation layer: " + className);
        };
    return function == null
        ? general(graph, name, config, in)
        : graph.keep(name, new Op.Activation(function), in);
  }

  /** A ReLU with several of its three settings. */
  private static Value general(GraphWriter graph, String name, Config config, Value in) {
    Node relu =
        Functions.relu(
            graph.builder(),
            name,
            in.node(),
            (float) config.number(0, "negative_slope"),
            (float) config.number(0, "threshold"),
            (float) config.number(Double.POSITIVE_INFINITY, "max_value"));
    return new Value(relu, in.moved());
  }

  /** Null if it has more than one of its three settings. */
  private static ActivationFunction relu(Config config) {
    float threshold = (float) config.number(0, "threshold");
    boolean sloped = config.number(0, "negative_slope") != 0;
    int settings = (config.has("max_value") ? 1 : 0) + (threshold != 0 ? 1 : 0) + (sloped ? 1 : 0);
    if (settings > 1) {
      return null;
    } else if (config.has("max_value")) {
      return ActivationFunction.clip(0, (float) config.number(0, "max_value"));
    } else if (threshold != 0) {
      return ActivationFunction.of(Kind.THRESHOLDED_RELU, threshold);
    }
    return leaky(config.number(0, "negative_slope"));
  }

  private static ActivationFunction leaky(double slope) {
    return slope == 0
        ? ActivationFunction.of(Kind.RELU)
        : ActivationFunction.of(Kind.LEAKY_RELU, (float) slope);
  }

  static Value softmaxLayer(LayerContext c) {
    int[] axes =
        c.config().has("axis") ? c.config().ints(c.config().find("axis"), "axis") : new int[] {-1};
    int rank = c.input().rank();
    if (axes.length == 1) {
      return softmax(c.graph(), c.name(), c.input(), c.axis(axes[0], rank));
    }
    int[] together = Arrays.stream(axes).map(axis -> c.axis(axis, rank)).sorted().toArray();
    LayerNodes nodes = c.nodes();
    int[] order = AxisOrder.toEnd(rank, together);
    Node last = nodes.transpose("last", c.plainInput(), order);
    int[] dims = Arrays.copyOf(last.shape().dims(), rank - together.length + 1);
    int cells = last.shape().size();
    for (int axis = 0; axis < dims.length - 1; axis++) {
      cells /= dims[axis];
    }
    dims[dims.length - 1] = cells;
    Node flat = nodes.reshape("flat", last, dims);
    Node softmax = nodes.add("softmax", new Op.Softmax(dims.length - 1), flat);
    Node apart = nodes.reshape("apart", softmax, last.shape());
    Op back = new Op.Transpose(AxisOrder.inverse(order));
    return c.graph().add(c.name(), back, false, false, apart);
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

  /** Whether there is an operation of this name, such as {@code ops.gelu(x)}. */
  static boolean isOperation(String function) {
    return BY_NAME.containsKey(function)
        || ARITHMETIC.containsKey(function)
        || COMPOSED.containsKey(function);
  }

  static Value operation(LayerContext c, String function) {
    Composed composed = COMPOSED.get(function);
    if (composed != null) {
      return composed(c, function, composed);
    }
    return c.keep(new Op.Activation(ofOperation(c, function)));
  }

  private static Value composed(LayerContext c, String function, Composed composed) {
    Node x = c.plainInput();
    GraphBuilder graph = c.graph().builder();
    Config config = c.config();
    Node result =
        switch (function) {
          case "log_softmax" ->
              Functions.logSoftmax(
                  graph, c.name(), x, c.axis(config.integer(-1, "axis"), x.shape().rank()));
          case "glu" ->
              Functions.gated(
                  graph, c.name(), x, c.axis(config.integer(-1, "axis"), x.shape().rank()));
          case "hard_shrink" ->
              Functions.hardShrink(graph, c.name(), x, (float) config.number(0.5, "threshold"));
          case "squareplus" ->
              Functions.squarePlus(graph, c.name(), x, config.number(SQUARE_PLUS_B, "b"));
          default -> composed.add(graph, c.name(), x);
        };
    return new Value(result, false);
  }

  private static ActivationFunction ofOperation(LayerContext c, String function) {
    Config config = c.config();
    return switch (function) {
      case "gelu" ->
          ActivationFunction.of(config.flag(true, "approximate") ? Kind.GELU_TANH : Kind.GELU);
      case "celu" -> ActivationFunction.of(Kind.CELU, (float) config.number(1, "alpha"));
      case "elu" -> ActivationFunction.of(Kind.ELU, (float) config.number(1, "alpha"));
      case "leaky_relu" -> leaky(config.number(NAMED_LEAKY_SLOPE, "negative_slope"));
      case "soft_shrink" ->
          ActivationFunction.of(Kind.SOFT_SHRINK, (float) config.number(0.5, "threshold"));
      default ->
          ARITHMETIC.containsKey(function) ? ARITHMETIC.get(function) : named(c.graph(), function);
    };
  }
}
