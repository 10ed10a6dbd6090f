package org.deepliftspark.engine.importer.keras;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.importer.LayerNodes;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Literal;
import org.deepliftspark.engine.importer.keras.LayerCall.Reference;

/**
 * All that a {@link LayerReader} needs for one call of a layer.
 *
 * @param layer the layer as configured
 * @param call how it is called here
 * @param inputs the tensors it is called with, positional ones first
 * @param weights the layer's weights
 * @param graph where nodes go
 */
record LayerContext(
    LayerConfig layer,
    LayerCall call,
    List<Value> inputs,
    LayerWeights weights,
    GraphWriter graph) {

  String name() {
    return layer.fullName();
  }

  Config config() {
    return layer.config();
  }

  /** The one tensor that the layer is called with. */
  Value input() {
    if (inputs.size() != 1) {
      throw new ModelFormatException(
          "Invalid architecture in %s: layer '%s' (%s) takes 1 input, found %d"
              .formatted(config().file(), name(), layer.className(), inputs.size()));
    }
    return inputs.get(0);
  }

  /** The one input, which must have this many axes. */
  Value input(int rank) {
    Value input = input();
    if (input.rank() != rank) {
      throw new ModelFormatException(
          "Invalid architecture in %s: layer '%s' (%s) takes %d axes without the batch, found shape %s"
              .formatted(config().file(), name(), layer.className(), rank, input.shape()));
    }
    return input;
  }

  /** Writes nodes of Keras's axis order that belong to this layer. */
  LayerNodes nodes() {
    return new LayerNodes(graph.builder(), name());
  }

  /** The one input with its axes where Keras has them. */
  Node plainInput() {
    return graph.kerasOrder(input());
  }

  /** What the layer is called with, by position or by name; null if it is left out. */
  Value find(String argument, int position) {
    int tensor = 0;
    for (int k = 0; k < call.arguments().size(); k++) {
      boolean reference = call.arguments().get(k) instanceof Reference;
      if (k == position) {
        return reference ? inputs.get(tensor) : null;
      }
      tensor += reference ? 1 : 0;
    }
    for (Map.Entry<String, Argument> entry : call.named().entrySet()) {
      boolean reference = entry.getValue() instanceof Reference;
      if (entry.getKey().equals(argument)) {
        return reference ? inputs.get(tensor) : null;
      }
      tensor += reference ? 1 : 0;
    }
    return null;
  }

  /** What the layer must be called with. */
  Value argument(String argument, int position) {
    Value found = find(argument, position);
    if (found == null) {
      throw new ModelFormatException(
          "Invalid architecture in %s: layer '%s' (%s) is called without '%s'"
              .formatted(config().file(), name(), layer.className(), argument));
    }
    return found;
  }

  /** Whether the layer is called with {@code name=True}. */
  boolean literalFlag(String argument) {
    return call.named().get(argument) instanceof Literal literal && literal.json().asBoolean();
  }

  /** Adds an op that keeps the input's axes. */
  Value keep(Op op) {
    return graph.keep(name(), op, input());
  }

  /** Name of the node before the activation that the layer's settings name, if any. */
  String linearName() {
    return Activations.isLinear(config().find("activation")) ? name() : aside("preact");
  }

  /** A name for a node that belongs to this layer but is not its output. */
  String aside(String prefix) {
    List<String> path = layer.path();
    String parents = String.join("/", path.subList(0, path.size() - 1));
    return (parents.isEmpty() ? "" : parents + "/") + prefix + "_" + layer.name();
  }

  /** Adds the activation that the layer's settings name. */
  Value activated(Value linear) {
    return Activations.isLinear(config().find("activation"))
        ? linear
        : Activations.add(graph, name(), config(), config().find("activation"), linear);
  }

  /** An axis as settings give it (batch counted, negative from the end), without the batch. */
  int axis(int axis, int rank) {
    int plain = axis < 0 ? axis + rank : axis - 1;
    if (plain < 0 || plain >= rank) {
      throw new ModelFormatException(
          "Invalid axis of layer '%s' in %s: %d does not fit an input of %d axes without the batch"
              .formatted(name(), config().file(), axis, rank));
    }
    return plain;
  }
}
