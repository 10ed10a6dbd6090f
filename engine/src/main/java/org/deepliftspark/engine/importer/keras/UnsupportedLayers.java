package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Literal;
import org.deepliftspark.engine.importer.keras.LayerCall.Reference;

/**
 * Finds every layer that cannot be imported before any is, so that the user learns of all at once.
 */
final class UnsupportedLayers {
  private static final Set<String> MERGE_MODES =
      Set.of("sum", "mul", "max", "ave", "concat", "dot", "cos");

  private static final Set<String> INTERPOLATIONS = Set.of("nearest", "bilinear");

  private static final String RECURRENT =
      "is recurrent: DeepLIFT has no rule for the products of its gates over the steps";

  /** Why well-known layers have no rule. */
  private static final Map<String, String> REASONS = reasons();

  /** Layers that may be called with tensors by name. */
  private static final Set<String> NAMED_TENSORS =
      Set.of("MultiHeadAttention", "GroupedQueryAttention");

  private UnsupportedLayers() {}

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new HashMap<>();
    for (String recurrent :
        List.of(
            "RNN",
            "LSTM",
            "GRU",
            "SimpleRNN",
            "CuDNNLSTM",
            "CuDNNGRU",
            "Bidirectional",
            "ConvLSTM1D",
            "ConvLSTM2D",
            "ConvLSTM3D")) {
      reasons.put(recurrent, RECURRENT);
    }
    reasons.put("Lambda", "holds code, which is not run: name what it computes by --lambda");
    reasons.put("TFSMLayer", "holds a program of TensorFlow, which is not run");
    reasons.put("Masking", "leaves out steps by their value, which no slope describes");
    for (String discrete :
        List.of(
            "CategoryEncoding",
            "Discretization",
            "Hashing",
            "HashedCrossing",
            "IntegerLookup",
            "StringLookup",
            "TextVectorization")) {
      reasons.put(discrete, "makes indices, which have no slope: explain the model behind it");
    }
    return reasons;
  }

  /**
   * @throws UnsupportedModelException naming all layers without a rule
   */
  static void refuse(String file, ModelConfig model) {
    List<String> found = new ArrayList<>();
    collect(model, found);
    if (!found.isEmpty()) {
      throw new UnsupportedModelException(
          "Cannot import %s: %s no DeepLIFT rule: %s. Supported: %s"
              .formatted(
                  file,
                  found.size() == 1 ? "1 layer has" : found.size() + " layers have",
                  String.join(", ", found),
                  String.join(", ", LayerTable.supported())));
    }
  }

  private static void collect(ModelConfig model, List<String> found) {
    for (LayerConfig layer : model.layers()) {
      if (layer.nested() != null) {
        collect(layer.nested(), found);
      } else if (!layer.className().equals("InputLayer")) {
        String problem = problem(layer);
        if (problem != null) {
          found.add("'" + layer.fullName() + "' (" + said(problem, layer, found) + ")");
        }
      }
    }
  }

  /** A problem that another layer has too is told once. */
  private static String said(String problem, LayerConfig layer, List<String> found) {
    boolean before = found.stream().anyMatch(other -> other.endsWith("(" + problem + ")"));
    return before ? layer.className() : problem;
  }

  /** What stands in the way of a layer, or null. */
  private static String problem(LayerConfig layer) {
    if (LayerTable.reader(layer) == null) {
      String function = layer.config().text("", "function");
      String reason = layer.isBuiltIn() ? REASONS.get(layer.className()) : null;
      return LayerTable.isTensorFlowOperation(layer)
          ? layer.className() + " of tf." + function
          : layer.className() + (reason == null ? "" : " " + reason);
    }
    String detail = setting(layer);
    for (LayerCall call : layer.calls()) {
      detail = detail == null ? call(layer, call) : detail;
    }
    return detail == null ? null : layer.className() + " " + detail;
  }

  private static String setting(LayerConfig layer) {
    Config config = layer.config();
    if (precision(config.find("dtype")).equals("bfloat16")) {
      return "with weights in bfloat16 (save the model in float32)";
    }
    JsonNode activation = config.find("activation");
    if (!Activations.isKnown(activation)) {
      return "with activation '" + Activations.name(activation) + "'";
    }
    String nested = nestedActivation(config, activation);
    if (nested != null) {
      return nested;
    }
    return switch (layer.className()) {
      case "ReLU" -> clipped(config);
      case "Embedding" ->
          config.flag(false, "mask_zero") ? "with mask_zero (no step is left out here)" : null;
      case "TimeDistributed", "SpectralNormalization" -> wrapped(layer);
      case "MultiHeadAttention", "GroupedQueryAttention" -> attention(layer);
      case "UpSampling2D" ->
          INTERPOLATIONS.contains(config.text("nearest", "interpolation"))
              ? null
              : "with interpolation '" + config.text("", "interpolation") + "'";
      case "BatchNormalization" ->
          config.integer(0, "mode") == 1 ? "with mode 1" : severalAxes(config);
      case "Normalization", "RMSNormalization" -> severalAxes(config);
      case "Merge" -> merged(config);
      default -> null;
    };
  }

  /** The name of a layer's dtype policy; a mixed policy keeps its weights in float32. */
  private static String precision(JsonNode dtype) {
    if (dtype == null) {
      return "";
    }
    return dtype.isTextual() ? dtype.textValue() : dtype.path("config").path("name").asText();
  }

  private static String nestedActivation(Config config, JsonNode activation) {
    boolean relu = activation != null && Activations.name(activation).equals("ReLU");
    return relu
        ? clipped(new Config(config.file(), config.layer(), activation.path("config")))
        : null;
  }

  private static String clipped(Config config) {
    return config.has("max_value") && !(config.number(0, "max_value") > 0)
        ? "with max_value " + config.find("max_value")
        : null;
  }

  /** What stands in the way of the layer within a wrapper. */
  private static String wrapped(LayerConfig wrapper) {
    LayerConfig layer = WrapperLayers.wrapped(wrapper, wrapper.name());
    String problem =
        Set.of("Sequential", "Functional", "Model").contains(layer.className())
            ? "a model"
            : problem(layer);
    return problem == null ? null : "of " + problem;
  }

  private static String attention(LayerConfig layer) {
    Config config = layer.config();
    if (config.flag(false, "use_gate")) {
      return "with use_gate";
    } else if (config.has("sliding_window")) {
      return "with sliding_window";
    }
    int[] axes =
        config.has("attention_axes")
            ? config.ints(config.find("attention_axes"), "attention_axes")
            : new int[0];
    boolean first = IntStream.range(0, axes.length).allMatch(k -> axes[k] == k + 1);
    return first ? null : "with attention_axes " + config.find("attention_axes");
  }

  private static String severalAxes(Config config) {
    JsonNode axis = config.find("axis");
    return axis != null && Config.unwrapped(axis).size() > 1 ? "over several axes" : null;
  }

  private static String merged(Config config) {
    String mode = config.text("a function", "mode");
    if (!MERGE_MODES.contains(mode)) {
      return "with mode '" + mode + "'";
    }
    JsonNode layers = config.find("layers");
    return layers == null || layers.isEmpty() ? null : "of models in a Sequential";
  }

  private static String call(LayerConfig layer, LayerCall call) {
    boolean operation = layer.isOperation() || LayerTable.isTensorFlowOperation(layer);
    for (Map.Entry<String, Argument> entry : call.named().entrySet()) {
      boolean known =
          NAMED_TENSORS.contains(layer.className())
              && Set.of("query", "value", "key").contains(entry.getKey());
      if (entry.getValue() instanceof Reference && !operation && !known) {
        return "called with a tensor as '" + entry.getKey() + "'";
      }
      if (entry.getKey().equals("training")
          && entry.getValue() instanceof Literal literal
          && literal.json().asBoolean()) {
        return "called with training=True";
      }
    }
    for (Argument argument : call.arguments()) {
      if (argument instanceof Literal literal && holdsTensor(literal.json())) {
        return "called with tensors in a structure";
      }
    }
    return null;
  }

  private static boolean holdsTensor(JsonNode json) {
    return json.isContainerNode()
        && json.findValuesAsText("class_name").contains("__keras_tensor__");
  }
}
