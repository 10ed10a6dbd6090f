package org.deepliftspark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Values of options as {@code run.json} holds them, to be shown and compared. */
final class OptionText {
  /** Lists that may be written with commas, as several values, or both. */
  private static final Set<String> NAMES = Set.of("keep-cols", "partition-by");

  private static final Set<String> NUMBERS = Set.of("preprocessing-mean", "preprocessing-std");

  /** Values for several things that they name, as NAME=VALUE in any order. */
  private static final Set<String> NAMED = Set.of("sequence-col", "lambda", "model-layout");

  private OptionText() {}

  /** A text that is the same for values that mean the same. */
  static String comparable(String option, Object value) {
    JsonNode node = node(value);
    if (node.isMissingNode() || node.isNull()) {
      return shown(node);
    }
    List<String> texts = texts(node);
    if (NAMED.contains(option)) {
      return byName(texts).toString();
    }
    if (NAMES.contains(option)) {
      return parts(texts).toString();
    }
    return NUMBERS.contains(option)
        ? parts(texts).stream().map(OptionText::number).toList().toString()
        : shown(node);
  }

  static String shown(Object value) {
    JsonNode node = node(value);
    if (node.isMissingNode() || node.isNull()) {
      return "not given";
    }
    return Secrets.redact(node.isValueNode() ? node.asText() : node.toString());
  }

  private static JsonNode node(Object value) {
    return value instanceof JsonNode json ? json : new ObjectMapper().valueToTree(value);
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(element -> texts.add(element.asText()));
    } else {
      texts.add(node.asText());
    }
    return texts;
  }

  /** The last value counts, as it does where the options are read. */
  private static Map<String, String> byName(List<String> texts) {
    Map<String, String> values = new TreeMap<>();
    for (String text : texts) {
      int equals = text.lastIndexOf('=');
      values.put(text.substring(0, Math.max(0, equals)), text.substring(equals + 1));
    }
    return values;
  }

  private static List<String> parts(List<String> texts) {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static String number(String text) {
    try {
      return Float.toString(Float.parseFloat(text));
    } catch (NumberFormatException damaged) {
      return text;
    }
  }
}
