package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Literal;
import org.deepliftspark.engine.importer.keras.LayerCall.Reference;

/**
 * Finds every layer that cannot be imported before any is, so that the user learns of all at once.
 */
final class UnsupportedLayers {
  private static final Set<String> MERGE_MODES = Set.of("sum", "mul", "max", "ave", "concat");

  private UnsupportedLayers() {}

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
          found.add("'" + layer.fullName() + "' (" + problem + ")");
        }
      }
    }
  }

  /** What stands in the way of a layer, or null. */
  private static String problem(LayerConfig layer) {
    if (LayerTable.reader(layer) == null) {
      String function = layer.config().text("", "function");
      return LayerTable.isTensorFlowOperation(layer)
          ? layer.className() + " of tf." + function
          : layer.className();
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
      case "UpSampling2D" ->
          config.text("nearest", "interpolation").equals("nearest")
              ? null
              : "with interpolation '" + config.text("", "interpolation") + "'";
      case "BatchNormalization" ->
          config.integer(0, "mode") == 1 ? "with mode 1" : severalAxes(config);
      case "LayerNormalization" ->
          config.flag(false, "rms_scaling") ? "with rms_scaling" : severalAxes(config);
      case "Normalization", "Softmax", "RMSNormalization" -> severalAxes(config);
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

  /** A ReLU may have a maximum, a threshold or a negative slope, but not two of them. */
  private static String clipped(Config config) {
    boolean maximum = config.has("max_value");
    boolean threshold = config.number(0, "threshold") != 0;
    boolean slope = config.number(0, "negative_slope") != 0;
    if (maximum && !(config.number(0, "max_value") > 0)) {
      return "with max_value " + config.find("max_value");
    } else if (maximum && threshold) {
      return "with max_value and threshold";
    } else if (maximum && slope) {
      return "with max_value and negative_slope";
    }
    return threshold && slope ? "with threshold and negative_slope" : null;
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
      if (entry.getValue() instanceof Reference && !operation) {
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
