package org.deepliftspark.job.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Reads a YAML file of options: a map with the keys of the command line, lists for repeatable
 * options. A block is short for keys that begin with its name: {@code preprocessing: {resize: 224}}
 * is {@code preprocessing-resize: 224}.
 *
 * <p>Scalars stay the text that is written in the file (failsafe schema), so that a value means the
 * same here and on the command line. The parser builds maps, lists and strings only; size, depth
 * and aliases are bounded.
 */
final class ConfigFile {
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_ALIASES = 10;

  /** A map of lists, or of blocks; what is nested deeper is no job. */
  private static final int DEEPEST = 4;

  private ConfigFile() {}

  static Map<String, List<String>> read(String path, OptionParser parser) {
    Object root = load(path, text(path));
    if (!(root instanceof Map<?, ?> map)) {
      throw new InvalidInputException(
          "Invalid config "
              + path
              + ": expected lines of 'key: value' with the keys of the command line");
    }
    String where = " in " + path;
    Map<String, List<String>> values = new LinkedHashMap<>();
    map.forEach((key, value) -> addAll(parser, String.valueOf(key), value, where, values));
    return values;
  }

  private static void addAll(
      OptionParser parser,
      String key,
      Object value,
      String where,
      Map<String, List<String>> values) {
    if (value instanceof Map<?, ?> block && !parser.knows(key)) {
      block.forEach((name, inner) -> addAll(parser, key + "-" + name, inner, where, values));
      return;
    }
    Option<?> option = parser.option(key, where);
    if (option == Options.CONFIG) {
      throw new InvalidInputException("Option --config cannot be used" + where);
    }
    if (value instanceof List<?> list && option.isRepeatable()) {
      list.forEach(item -> parser.add(option, scalar(option, item, where), where, values));
    } else {
      parser.add(option, scalar(option, value, where), where, values);
    }
  }

  private static String scalar(Option<?> option, Object value, String where) {
    if (value instanceof String text) {
      return text;
    }
    String expected = option.isRepeatable() ? "one value or a list of values" : "one value";
    throw new InvalidInputException(
        "Invalid value for " + option + where + ": expected " + expected);
  }

  private static Object load(String path, String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(MOST_ALIASES)
            .build();
    try {
      boolean empty = isEmpty(path, new Parse(settings).parseString(text));
      return empty ? null : new Load(settings).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new InvalidInputException(
          "Invalid config "
              + path
              + ": "
              + e.getMessage()
                  .lines()
                  .map(String::strip)
                  .reduce((a, b) -> a + " " + b)
                  .orElse("not YAML"),
          e);
    }
  }

  /**
   * Whether a text holds nothing but comments. Looks at the nesting, event by event, before
   * anything is built, which takes a stack.
   */
  private static boolean isEmpty(String path, Iterable<Event> events) {
    boolean empty = true;
    Deque<Optional<Anchor>> open = new ArrayDeque<>();
    for (Event event : events) {
      empty &= !(event instanceof NodeEvent);
      if (event instanceof AliasEvent alias && open.contains(Optional.of(alias.getAlias()))) {
        throw invalid(path, "*" + alias.getAlias() + " stands within what it stands for");
      } else if (event instanceof CollectionStartEvent start) {
        open.push(start.getAnchor());
      } else if (event instanceof CollectionEndEvent) {
        open.pop();
      }
      if (open.size() > DEEPEST) {
        throw invalid(path, "nested more than " + DEEPEST + " deep");
      }
    }
    return empty;
  }

  private static InvalidInputException invalid(String path, String why) {
    return new InvalidInputException(
        "Invalid config "
            + path
            + ": "
            + why
            + ", expected lines of 'key: value' with the keys of the command line");
  }

  private static String text(String path) {
    try {
      Path file = Path.of(path);
      if (Files.size(file) > MOST_BYTES) {
        throw new InvalidInputException("Invalid config " + path + ": larger than 1 MiB");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (MalformedInputException e) {
      throw new InvalidInputException("Invalid config " + path + ": it is not UTF-8 text", e);
    } catch (IOException | InvalidPathException e) {
      throw new InvalidInputException("Cannot read config " + path + ": " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof java.nio.file.NoSuchFileException ? "no such file" : e.getMessage();
  }
}
