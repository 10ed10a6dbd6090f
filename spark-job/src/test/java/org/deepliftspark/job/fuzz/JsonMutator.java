package org.deepliftspark.job.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes a JSON document at any depth: keys taken away or given to others, values of another type,
 * numbers at their borders, entries doubled a thousand times, nesting too deep for a stack.
 */
final class JsonMutator implements Mutator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Stands for nesting that Jackson's own tree should not be asked to write. */
  private static final String DEEP = "@deep@";

  private final List<String> words;

  /**
   * @param words that are names in this kind of document
   */
  JsonMutator(String... words) {
    this.words = List.of(words);
  }

  /** A value and how to reach it. */
  private record Place(JsonNode parent, String key, int index) {
    JsonNode value() {
      return key == null ? parent.get(index) : parent.get(key);
    }

    void set(JsonNode value) {
      if (key == null) {
        ((ArrayNode) parent).set(index, value);
      } else {
        ((ObjectNode) parent).set(key, value);
      }
    }
  }

  @Override
  public byte[] mutate(byte[] file, SplittableRandom random) {
    try {
      JsonNode root = JSON.readTree(new String(file, StandardCharsets.UTF_8));
      int changes = 1 + random.nextInt(1 + random.nextInt(3));
      for (int i = 0; i < changes; i++) {
        List<Place> places = new ArrayList<>();
        collect(root, places);
        if (!places.isEmpty()) {
          change(Mutator.pick(places, random), places, random);
        }
      }
      int depth = 1 << random.nextInt(4, 15);
      String open = random.nextBoolean() ? "[" : "{\"a\":";
      String deep = open.repeat(depth) + "1" + (open.equals("[") ? "]" : "}").repeat(depth);
      String text = JSON.writeValueAsString(root).replace("\"" + DEEP + "\"", deep);
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The seed is no JSON", e);
    }
  }

  private static void collect(JsonNode node, List<Place> places) {
    if (node.isObject()) {
      node.fieldNames().forEachRemaining(key -> places.add(new Place(node, key, 0)));
    } else {
      for (int i = 0; i < node.size(); i++) {
        places.add(new Place(node, null, i));
      }
    }
    node.forEach(child -> collect(child, places));
  }

  private void change(Place place, List<Place> places, SplittableRandom random) {
    JsonNode value = place.value();
    switch (random.nextInt(8)) {
      case 0 -> {
        if (place.key() != null) {
          ((ObjectNode) place.parent()).remove(place.key());
        } else {
          ((ArrayNode) place.parent()).remove(place.index());
        }
      }
      case 1 -> place.set(Mutator.pick(places, random).value().deepCopy());
      case 2 -> {
        if (place.parent() instanceof ArrayNode list) {
          int copies = 1 << random.nextInt(10);
          for (int i = 0; i < copies; i++) {
            list.add(value);
          }
        } else {
          ((ObjectNode) place.parent()).set(Hostile.text(random), value);
        }
      }
      case 3 -> place.set(NODES.textNode(words.isEmpty() ? "" : Mutator.pick(words, random)));
      case 4 -> {
        if (value.isNumber()) {
          place.set(NODES.numberNode(value.longValue() + random.nextInt(-2, 3)));
        } else {
          place.set(scalar(random));
        }
      }
      default -> place.set(scalar(random));
    }
  }

  private static JsonNode scalar(SplittableRandom random) {
    return switch (random.nextInt(9)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.arrayNode();
      case 3 -> NODES.objectNode();
      case 4 -> NODES.textNode(Hostile.text(random));
      case 5 -> NODES.textNode(DEEP);
      case 6 -> NODES.numberNode(random.nextBoolean() ? 1e300 : -0.5);
      default -> NODES.numberNode(Hostile.number(1 << 10, random));
    };
  }
}
