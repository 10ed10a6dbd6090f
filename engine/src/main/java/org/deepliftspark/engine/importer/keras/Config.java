package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.ModelFormatException;

/**
 * One layer's settings. Each getter takes the names that the versions of Keras have used, newest
 * first, and complains with file and layer where a value is not what it should be.
 */
final class Config {
  /**
   * No kernel, stride, dilation, pool or padding is larger; keeps products of two within a long and
   * pads within an int.
   */
  private static final int LARGEST = 1 << 24;

  private final String file;
  private final String layer;
  private final JsonNode json;

  Config(String file, String layer, JsonNode json) {
    this.file = file;
    this.layer = layer;
    this.json = json;
  }

  /** The first of the keys that is there and not null; otherwise null. */
  JsonNode find(String... keys) {
    for (String key : keys) {
      JsonNode value = json.get(key);
      if (value != null && !value.isNull()) {
        return value;
      }
    }
    return null;
  }

  boolean has(String... keys) {
    return find(keys) != null;
  }

  String text(String otherwise, String... keys) {
    JsonNode value = find(keys);
    return value == null || !value.isTextual() ? otherwise : value.textValue();
  }

  boolean flag(boolean otherwise, String... keys) {
    JsonNode value = find(keys);
    return value == null ? otherwise : value.asBoolean(otherwise);
  }

  /** A number, also where an old version wrote it as a little array object. */
  double number(double otherwise, String... keys) {
    JsonNode value = find(keys);
    if (value == null) {
      return otherwise;
    }
    if (value.isObject() && value.has("value")) {
      value = value.get("value");
    }
    if (!value.isNumber()) {
      throw invalid(keys[0], "a number", value);
    }
    return value.doubleValue();
  }

  /** A whole number that must be there. */
  int integer(String... keys) {
    JsonNode value = find(keys);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
      throw invalid(keys[0], "a whole number", value);
    }
    return value.intValue();
  }

  int integer(int otherwise, String... keys) {
    return has(keys) ? integer(keys) : otherwise;
  }

  /** One positive number per spatial axis, given as a list or, for all axes, as one number. */
  int[] sizes(int axes, String... keys) {
    JsonNode value = find(keys);
    int[] sizes = value == null ? null : ints(value, keys[0]);
    if (sizes != null && sizes.length == 1 && axes > 1) {
      int[] spread = new int[axes];
      Arrays.fill(spread, sizes[0]);
      sizes = spread;
    }
    boolean fits = sizes != null && sizes.length == axes;
    for (int k = 0; fits && k < axes; k++) {
      fits = sizes[k] >= 1 && sizes[k] <= LARGEST;
    }
    if (!fits) {
      throw invalid(keys[0], axes + " positive numbers", value);
    }
    return sizes;
  }

  int[] sizes(int[] otherwise, String... keys) {
    return has(keys) ? sizes(otherwise.length, keys) : otherwise.clone();
  }

  /**
   * Amounts to pad or crop, {@code [axis][begin, end]}, from any of Keras's notations: {@code n},
   * {@code [n, m]}, {@code [[b, e], ...]}.
   */
  int[][] margins(int axes, String key) {
    JsonNode value = find(key);
    int[][] margins = new int[axes][2];
    for (int axis = 0; axis < axes; axis++) {
      JsonNode entry = value == null || !value.isArray() ? value : entry(value, axes, axis);
      int[] pair = entry == null ? new int[] {1} : ints(entry, key);
      margins[axis][0] = pair.length == 0 ? -1 : pair[0];
      margins[axis][1] = pair.length == 2 ? pair[1] : margins[axis][0];
      if (pair.length > 2
          || Math.min(margins[axis][0], margins[axis][1]) < 0
          || Math.max(margins[axis][0], margins[axis][1]) > LARGEST) {
        throw invalid(key, "numbers that are not negative", value);
      }
    }
    return margins;
  }

  /**
   * With one axis, {@code [begin, end]} is the axis's pair itself; with two, each axis has an
   * entry.
   */
  private JsonNode entry(JsonNode list, int axes, int axis) {
    if (axes == 1 && !(list.size() == 1 && list.get(0).isArray())) {
      return list;
    }
    if (list.size() != axes) {
      throw invalid("padding", axes + " entries", list);
    }
    return list.get(axis);
  }

  /** A list of whole numbers; a single number is a list of one. */
  int[] ints(JsonNode value, String key) {
    if (value == null) {
      throw invalid(key, "whole numbers", null);
    }
    JsonNode list = unwrapped(value);
    if (!list.isArray()) {
      if (!list.isIntegralNumber() || !list.canConvertToInt()) {
        throw invalid(key, "whole numbers", value);
      }
      return new int[] {list.intValue()};
    }
    int[] ints = new int[list.size()];
    for (int k = 0; k < ints.length; k++) {
      JsonNode entry = list.get(k);
      if (!entry.isIntegralNumber() || !entry.canConvertToInt()) {
        throw invalid(key, "whole numbers", value);
      }
      ints[k] = entry.intValue();
    }
    return ints;
  }

  /** TensorFlow writes a tuple as {@code {"class_name": "__tuple__", "items": [...]}}. */
  static JsonNode unwrapped(JsonNode value) {
    boolean tuple = value.isObject() && "__tuple__".equals(value.path("class_name").asText());
    return tuple ? value.path("items") : value;
  }

  ModelFormatException invalid(String key, String expected, JsonNode found) {
    String shown = found == null ? "nothing" : found.toString();
    return new ModelFormatException(
        "Invalid %s of layer '%s' in %s: expected %s, found %s"
            .formatted(
                key,
                layer,
                file,
                expected,
                shown.length() > 80 ? shown.substring(0, 80) + "..." : shown));
  }

  /** All settings that are not null, as plain Java. */
  Map<String, Object> settings(ObjectMapper mapper) {
    Map<String, Object> settings = new LinkedHashMap<>();
    json.properties()
        .forEach(
            entry -> {
              JsonNode value = unwrapped(entry.getValue());
              if (value.isIntegralNumber()) {
                settings.put(entry.getKey(), value.longValue());
              } else if (!value.isNull()) {
                settings.put(entry.getKey(), mapper.convertValue(value, Object.class));
              }
            });
    return settings;
  }

  String layer() {
    return layer;
  }

  String file() {
    return file;
  }
}
