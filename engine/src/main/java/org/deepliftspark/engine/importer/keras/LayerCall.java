package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * One call of a layer.
 *
 * @param arguments positional arguments; lists of tensors are flattened
 * @param named keyword arguments that are not null
 */
record LayerCall(List<Argument> arguments, Map<String, Argument> named) {

  /** What a layer is called with. */
  sealed interface Argument {}

  record Reference(TensorRef tensor) implements Argument {}

  record Literal(JsonNode json) implements Argument {}
}
