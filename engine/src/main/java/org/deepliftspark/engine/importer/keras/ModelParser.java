package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ModelFormatException;

/**
 * Reads an architecture of any version of Keras: which layers there are and how they are called.
 * Weights are not looked at.
 */
final class ModelParser {
  private static final Set<String> MODEL_CLASSES = Set.of("Sequential", "Functional", "Model");

  /** The one layer that {@code .keras} calls otherwise than its class, and than its weights. */
  private static final String EXPORTED_NAME = "GroupQueryAttention";

  private static final String CLASS_NAME = "GroupedQueryAttention";

  private final String file;
  private final Map<String, String> lambdas;

  /** Lambda layers that are there, and names that were found among them. */
  private final List<String> found = new ArrayList<>();

  private final Set<String> named = new HashSet<>();

  /**
   * @param lambdas what Lambda layers compute, by name
   */
  ModelParser(String file, Map<String, String> lambdas) {
    this.file = file;
    this.lambdas = lambdas;
    lambdas.forEach(LambdaLayers::require);
  }

  ModelConfig parse(JsonNode architecture) {
    if (!isModel(architecture)) {
      throw new ModelFormatException(
          "Cannot read model %s: no Keras architecture in it (class %s, expected Sequential or Functional)"
              .formatted(file, architecture.path("class_name").asText("unknown")));
    }
    ModelConfig model = model(architecture, List.of(), "");
    for (String name : lambdas.keySet()) {
      if (!named.contains(name)) {
        throw new InvalidInputException(
            "Invalid --lambda %s=%s: %s has no Lambda layer of that name, but %s"
                .formatted(name, lambdas.get(name), file, found.isEmpty() ? "none" : found));
      }
    }
    return model;
  }

  /** A model of Keras's own class, or of a class derived from the functional one. */
  private static boolean isModel(JsonNode json) {
    JsonNode config = json.path("config");
    return MODEL_CLASSES.contains(plainName(json.path("class_name").asText()))
        ? config.isArray() || config.path("layers").isArray()
        : config.path("layers").isArray() && config.has("output_layers");
  }

  private ModelConfig model(JsonNode json, List<String> path, String checkpoint) {
    JsonNode config = json.path("config");
    JsonNode list =
        config.isArray() ? config : config.path("layers"); // a bare list before Keras 2.2
    String name = config.path("name").asText(json.path("name").asText("model"));
    boolean sequential =
        config.isArray() || plainName(json.path("class_name").asText()).equals("Sequential");
    List<LayerConfig> layers = layers(list, path, checkpoint, sequential);
    FunctionalCalls calls = new FunctionalCalls(file);
    return new ModelConfig(
        name,
        sequential,
        layers,
        sequential ? List.of() : calls.references(config.path("input_layers")),
        sequential ? List.of() : calls.references(config.path("output_layers")),
        config.path("build_input_shape").isArray() ? config.path("build_input_shape") : null);
  }

  private List<LayerConfig> layers(
      JsonNode list, List<String> path, String checkpoint, boolean sequential) {
    FunctionalCalls calls = new FunctionalCalls(file, list);
    Map<String, Integer> used = new HashMap<>();
    List<LayerConfig> layers = new ArrayList<>();
    for (JsonNode json : list) {
      String className = plainName(json.path("class_name").asText());
      String module = json.path("module").isTextual() ? json.path("module").textValue() : null;
      boolean saved =
          !LayerConfig.isOperation(module) && !(sequential && className.equals("InputLayer"));
      String place = saved ? checkpoint + "layers/" + counted(snakeCase(className), used) : "";
      layers.add(layer(json, className, module, path, place, calls));
    }
    if (layers.isEmpty()) {
      throw new ModelFormatException("Cannot read model %s: it has no layers".formatted(file));
    }
    return layers;
  }

  private LayerConfig layer(
      JsonNode json,
      String className,
      String module,
      List<String> parents,
      String place,
      FunctionalCalls calls) {
    JsonNode config = json.path("config");
    String name = config.path("name").asText(json.path("name").asText(snakeCase(className)));
    List<String> path = new ArrayList<>(parents);
    path.add(name);
    boolean custom =
        module == null && json.path("registered_name").isTextual() && json.has("module");
    return new LayerConfig(
        name,
        List.copyOf(path),
        className,
        custom ? "custom" : module,
        new Config(file, String.join("/", path), settings(className, path, config)),
        calls.of(name, json.path("inbound_nodes")),
        isModel(json) ? model(json, path, place + "/") : null,
        place);
  }

  /** A layer's settings; a Lambda layer's with the function that the user named, if any. */
  private JsonNode settings(String className, List<String> path, JsonNode config) {
    if (!className.equals("Lambda") || !config.isObject()) {
      return config;
    }
    String fullName = String.join("/", path);
    String name = path.get(path.size() - 1);
    found.add(fullName);
    ObjectNode settings = config.deepCopy();
    settings.remove(LambdaLayers.SETTING);
    for (String known : List.of(fullName, name)) {
      if (lambdas.containsKey(known)) {
        settings.put(LambdaLayers.SETTING, lambdas.get(known));
        named.add(known);
      }
    }
    return settings;
  }

  /** Keras 3 names a layer's weights after its class, with a counter: dense, dense_1, ... */
  private static String counted(String name, Map<String, Integer> used) {
    int count = used.merge(name, 1, Integer::sum) - 1;
    return count == 0 ? name : name + "_" + count;
  }

  private static String plainName(String className) {
    String plain = className.substring(className.lastIndexOf('>') + 1);
    return plain.equals(EXPORTED_NAME) ? CLASS_NAME : plain;
  }

  /** As {@code keras.src.utils.naming.to_snake_case}. */
  static String snakeCase(String name) {
    return name.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
