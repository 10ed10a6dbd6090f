package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Literal;

/** Indexing as in {@code x[:, 2:-2, 0]}: slices forward, single positions, and an ellipsis. */
final class Slices {
  private Slices() {}

  static Value getItem(LayerContext c) {
    JsonNode key = key(c);
    Value in = c.input();
    List<JsonNode> entries = entries(c, key, in.rank() + 1);
    if (!isWhole(entries.get(0))) {
      throw c.config().invalid("slice", "all of the batch axis", key);
    }
    int[] starts = new int[in.rank()];
    int[] steps = new int[in.rank()];
    int[] to = in.shape().dims();
    List<Integer> kept = new ArrayList<>();
    for (int axis = 0; axis < in.rank(); axis++) {
      JsonNode entry = entries.get(axis + 1);
      int length = to[axis];
      if (entry.isInt()) {
        starts[axis] = entry.intValue() < 0 ? entry.intValue() + length : entry.intValue();
        steps[axis] = 1;
        to[axis] = 1;
      } else {
        JsonNode slice = bounds(entry);
        steps[axis] = bound(c, slice, "step", 1);
        starts[axis] = clamped(bound(c, slice, "start", 0), length);
        int stop = clamped(bound(c, slice, "stop", length), length);
        to[axis] = steps[axis] < 1 ? 0 : (stop - starts[axis] + steps[axis] - 1) / steps[axis];
        kept.add(axis);
      }
      if (to[axis] < 1 || starts[axis] < 0 || starts[axis] >= length) {
        throw c.config().invalid("slice", "positions within " + in.shape(), key);
      }
    }
    return kept.size() == in.rank()
        ? ShapeLayers.slice(c, in, starts, steps, to)
        : dropped(c, in, starts, steps, to, kept);
  }

  /** Takes single positions and removes their axes. */
  private static Value dropped(
      LayerContext c, Value in, int[] starts, int[] steps, int[] to, List<Integer> kept) {
    Op slice = new Op.Slice(in.nodeOrder(starts), in.nodeOrder(steps), Shape.of(in.nodeOrder(to)));
    Value sliced = c.graph().keep(c.aside("slice"), slice, in);
    Shape left = Shape.of(kept.stream().mapToInt(axis -> to[axis]).toArray());
    return c.graph()
        .add(c.name(), new Op.Reshape(left), false, false, c.graph().kerasOrder(sliced));
  }

  /** Keras 3 passes the key as second argument, tf.keras by name. */
  private static JsonNode key(LayerContext c) {
    Argument named = c.call().named().get("slice_spec");
    List<Argument> arguments = c.call().arguments();
    Argument key = named == null && arguments.size() == 2 ? arguments.get(1) : named;
    if (key instanceof Literal literal) {
      return Config.unwrapped(literal.json());
    }
    throw c.config().invalid("slice", "constant positions", null);
  }

  /** One entry per axis, the batch included. */
  private static List<JsonNode> entries(LayerContext c, JsonNode key, int rank) {
    List<JsonNode> given = new ArrayList<>();
    if (key.isArray()) {
      key.forEach(given::add);
    } else {
      given.add(key);
    }
    List<JsonNode> entries = new ArrayList<>();
    JsonNode all = JsonNodeFactory.instance.objectNode();
    for (JsonNode entry : given) {
      if (entry.path("class_name").asText().equals("__ellipsis__")) {
        while (entries.size() < rank - (given.size() - 1 - given.indexOf(entry))) {
          entries.add(all);
        }
      } else if (entry.isInt() || entry.isObject()) {
        entries.add(entry);
      } else {
        throw c.config().invalid("slice", "slices and whole numbers", key);
      }
    }
    while (entries.size() < rank) {
      entries.add(all);
    }
    if (entries.size() > rank) {
      throw c.config().invalid("slice", "at most " + rank + " axes", key);
    }
    return entries;
  }

  private static boolean isWhole(JsonNode entry) {
    JsonNode slice = bounds(entry);
    return entry.isObject()
        && Arrays.stream(new String[] {"start", "stop"})
            .allMatch(key -> slice.path(key).isNull() || slice.path(key).isMissingNode())
        && slice.path("step").asInt(1) == 1;
  }

  private static JsonNode bounds(JsonNode slice) {
    return slice.has("config") ? slice.get("config") : slice;
  }

  private static int bound(LayerContext c, JsonNode slice, String key, int otherwise) {
    JsonNode value = slice.path(key);
    if (value.isNull() || value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt()) {
      throw c.config().invalid("slice", "whole numbers", slice);
    }
    return value.intValue();
  }

  private static int clamped(int index, int length) {
    int plain = index < 0 ? index + length : index;
    return Math.max(0, Math.min(plain, length));
  }
}
