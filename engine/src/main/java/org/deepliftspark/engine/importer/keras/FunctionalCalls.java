package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Literal;
import org.deepliftspark.engine.importer.keras.LayerCall.Reference;

/**
 * How the layers of a functional model are connected. Keras 1 and 2 write a call as a list of
 * {@code [layer, call, output, kwargs]}; Keras 3 writes {@code {"args": [...], "kwargs": {...}}}
 * with the tensors marked.
 */
final class FunctionalCalls {
  private final String file;
  private final Set<String> layerNames = new HashSet<>();

  FunctionalCalls(String file) {
    this(file, MissingNode.getInstance());
  }

  FunctionalCalls(String file, JsonNode layers) {
    this.file = file;
    for (JsonNode layer : layers) {
      layerNames.add(layer.path("config").path("name").asText(layer.path("name").asText()));
    }
  }

  List<LayerCall> of(String layer, JsonNode inboundNodes) {
    List<LayerCall> calls = new ArrayList<>();
    for (JsonNode node : inboundNodes) {
      List<Argument> arguments = new ArrayList<>();
      Map<String, Argument> named = new LinkedHashMap<>();
      if (node.isObject()) {
        node.path("args").forEach(argument -> addArgument(argument, arguments));
        addNamed(node.path("kwargs"), named);
      } else if (node.isArray() && node.path(0).isTextual()) {
        addLegacy(node, arguments, named);
      } else if (node.isArray()) {
        node.forEach(entry -> addLegacy(entry, arguments, named));
      } else {
        throw new ModelFormatException(
            "Cannot read model %s: layer '%s' has a call that is neither list nor object"
                .formatted(file, layer));
      }
      calls.add(new LayerCall(arguments, named));
    }
    return calls;
  }

  /**
   * Tensors in any nesting of lists or objects, as {@code input_layers} and {@code output_layers}
   * have them.
   */
  List<TensorRef> references(JsonNode json) {
    List<TensorRef> references = new ArrayList<>();
    if (json.isArray() && json.path(0).isTextual()) {
      references.add(triple(json));
    } else {
      json.forEach(entry -> references.addAll(references(entry)));
    }
    return references;
  }

  /**
   * {@code [layer, call, output]} or {@code [layer, call, output, kwargs]} or {@code
   * ["_CONSTANT_VALUE", -1, value, kwargs]}.
   */
  private void addLegacy(JsonNode entry, List<Argument> arguments, Map<String, Argument> named) {
    if (entry.path(0).asText().equals("_CONSTANT_VALUE")) {
      arguments.add(new Literal(entry.path(2)));
    } else {
      arguments.add(new Reference(triple(entry)));
    }
    addNamed(entry.path(3), named);
  }

  private void addArgument(JsonNode json, List<Argument> arguments) {
    if (isMarkedTensor(json)) {
      arguments.add(new Reference(triple(json.path("config").path("keras_history"))));
    } else if (json.isArray() && !json.isEmpty() && allTensors(json)) {
      json.forEach(entry -> addArgument(entry, arguments));
    } else {
      arguments.add(new Literal(json));
    }
  }

  private void addNamed(JsonNode kwargs, Map<String, Argument> named) {
    kwargs
        .properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              if (isMarkedTensor(value)) {
                JsonNode history = value.path("config").path("keras_history");
                named.put(entry.getKey(), new Reference(triple(history)));
              } else if (isLegacyTensor(value)) {
                named.put(entry.getKey(), new Reference(triple(value)));
              } else if (!value.isNull()) {
                named.put(entry.getKey(), new Literal(value));
              }
            });
  }

  private static boolean allTensors(JsonNode list) {
    for (JsonNode entry : list) {
      if (!isMarkedTensor(entry)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isMarkedTensor(JsonNode json) {
    return json.path("class_name").asText().equals("__keras_tensor__");
  }

  private boolean isLegacyTensor(JsonNode json) {
    return json.isArray()
        && json.size() == 3
        && json.get(0).isTextual()
        && json.get(1).isInt()
        && json.get(2).isInt()
        && layerNames.contains(json.get(0).textValue());
  }

  private TensorRef triple(JsonNode json) {
    if (!json.isArray()
        || !json.path(0).isTextual()
        || !json.path(1).isInt()
        || !json.path(2).isInt()
        || json.get(1).intValue() < 0
        || json.get(2).intValue() < 0) {
      String shown = json.toString();
      throw new ModelFormatException(
          "Cannot read model %s: %s does not name a tensor (expected [layer, call, output])"
              .formatted(file, shown.length() > 80 ? shown.substring(0, 80) + "..." : shown));
    }
    return new TensorRef(json.get(0).textValue(), json.get(1).intValue(), json.get(2).intValue());
  }
}
