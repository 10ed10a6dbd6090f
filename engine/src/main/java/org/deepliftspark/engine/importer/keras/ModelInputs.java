package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/**
 * The inputs of the outermost model as nodes. They are channels-last for the user; where the
 * model's convolutions work on channels-first tensors, the channels are moved to the front right
 * behind the input.
 */
final class ModelInputs {
  private final String file;
  private final GraphWriter graph;
  private final boolean channelsFirst;

  ModelInputs(String file, GraphWriter graph, ModelConfig model) {
    this.file = file;
    this.graph = graph;
    this.channelsFirst = Boolean.TRUE.equals(layout(model));
  }

  List<Value> of(ModelConfig model) {
    if (model.sequential()) {
      LayerConfig first = model.layers().get(0);
      String name = first.className().equals("InputLayer") ? first.name() : first.name() + "_input";
      return List.of(input(name, sequentialShape(model), EmbeddingLayers.vocabulary(model, name)));
    }
    List<Value> inputs = new ArrayList<>();
    for (TensorRef ref : model.inputs()) {
      LayerConfig layer =
          model.layers().stream()
              .filter(candidate -> candidate.name().equals(ref.layer()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ModelFormatException(
                          "Invalid architecture in %s: input '%s' is not among the layers"
                              .formatted(file, ref.layer())));
      inputs.add(
          input(
              layer.name(),
              shapeOf(layer.config()),
              EmbeddingLayers.vocabulary(model, layer.name())));
    }
    return inputs;
  }

  /**
   * The shape is with the input layer, with the first layer (of the first model in it), or with the
   * model.
   */
  private static JsonNode sequentialShape(ModelConfig model) {
    LayerConfig first = model.layers().get(0);
    JsonNode shape = shapeOf(first.config());
    if (shape == null && first.nested() != null && first.nested().sequential()) {
      shape = sequentialShape(first.nested());
    }
    return shape == null ? model.buildShape() : shape;
  }

  private static JsonNode shapeOf(Config config) {
    return config.find("batch_input_shape", "batch_shape");
  }

  /**
   * @param vocabulary of the embeddings that read the input, which then is one-hot; otherwise 0
   */
  private Value input(String name, JsonNode shape, int vocabulary) {
    if (shape == null || !shape.isArray()) {
      throw new UnsupportedModelException(
          "Cannot import %s: the model does not say the shape of its input '%s'; build it with an Input layer and save it again"
              .formatted(file, name));
    }
    JsonNode plain = Config.unwrapped(shape);
    int[] dims = new int[Math.max(0, plain.size() - 1)];
    for (int axis = 0; axis < dims.length; axis++) {
      JsonNode dim = plain.get(axis + 1);
      if (!dim.isInt() || dim.intValue() < 1) {
        throw new UnsupportedModelException(
            "Cannot import %s: input '%s' has shape %s, expected fixed lengths after the batch axis; save the model with an Input of fixed shape"
                .formatted(file, name, plain));
      }
      dims[axis] = dim.intValue();
    }
    if (dims.length == 0) {
      throw new UnsupportedModelException(
          "Cannot import %s: input '%s' has no axis but the batch's, expected fixed lengths after it"
              .formatted(file, name));
    }
    if (vocabulary > 0) {
      int[] oneHot = Arrays.copyOf(dims, dims.length + 1);
      oneHot[dims.length] = vocabulary;
      return plain(name, oneHot);
    }
    return channelsFirst && dims.length > 1 ? turned(name, dims) : plain(name, dims);
  }

  private Value plain(String name, int[] dims) {
    return new Value(graph.builder().input(name, Shape.of(dims)), false);
  }

  private Value turned(String name, int[] dims) {
    Shape last = Shape.of(dims).permuted(Value.toLast(dims.length));
    Node node = graph.builder().input(name, last);
    return new Value(graph.channelsFirst(new Value(node, false)), false);
  }

  /** Whether the first layer that has a say works on channels-first tensors; null if none has. */
  private static Boolean layout(ModelConfig model) {
    for (LayerConfig layer : model.layers()) {
      boolean spatial =
          Stream.of("Conv", "Pooling", "LocallyConnected").anyMatch(layer.className()::contains);
      Boolean found = null;
      if (layer.nested() != null) {
        found = layout(layer.nested());
      } else if (spatial) {
        found = ConvLayers.isChannelsFirst(layer.config());
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
