package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Numbers and arrays that stand in a config as arguments of operations. */
final class Literals {

  /** Row-major numbers and their dimensions. */
  record Array(float[] data, int[] dims) {}

  private Literals() {}

  /**
   * Reads a number, nested lists, or the object that Keras 3 writes for a NumPy array or tensor.
   */
  static Array array(LayerContext c, JsonNode json) {
    JsonNode value = json.path("config").has("value") ? json.path("config").path("value") : json;
    List<Integer> dims = new ArrayList<>();
    for (JsonNode level = value; level.isArray(); level = level.path(0)) {
      dims.add(level.size());
    }
    List<Float> numbers = new ArrayList<>();
    if (!collect(value, dims, 0, numbers)) {
      throw c.config().invalid("constant", "a number or an array of numbers", json);
    }
    float[] data = new float[numbers.size()];
    for (int k = 0; k < data.length; k++) {
      data[k] = numbers.get(k);
    }
    return new Array(data, dims.stream().mapToInt(Integer::intValue).toArray());
  }

  private static boolean collect(
      JsonNode value, List<Integer> dims, int depth, List<Float> numbers) {
    if (depth == dims.size()) {
      numbers.add(value.floatValue());
      return value.isNumber();
    }
    boolean regular = value.isArray() && !value.isEmpty() && value.size() == dims.get(depth);
    for (int k = 0; regular && k < value.size(); k++) {
      regular = collect(value.get(k), dims, depth + 1, numbers);
    }
    return regular;
  }
}
