package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Suggestion;

/**
 * Reads {@code --key value} and {@code --key=value} into texts by key, and checks every value. A
 * repeatable option takes all values up to the next option: {@code --key value value}.
 */
final class OptionParser {
  private static final String DASHES = "--";

  /** Options of spark-submit that are looked for among ours. */
  private static final Set<String> SPARK_SUBMIT =
      Set.of(
          "master",
          "deploy-mode",
          "conf",
          "packages",
          "jars",
          "properties-file",
          "driver-memory",
          "driver-java-options",
          "executor-memory",
          "executor-cores",
          "num-executors",
          "total-executor-cores",
          "queue");

  private final CommandName command;
  private final Map<String, Option<?>> known = new LinkedHashMap<>();

  OptionParser(CommandName command) {
    this.command = command;
    Options.of(command).forEach(option -> known.put(option.key(), option));
  }

  /** The command line and, below it, the file that {@code --config} names. */
  OptionValues parse(List<String> args) {
    Map<String, List<String>> line = new LinkedHashMap<>();
    for (int i = 0; i < args.size(); i++) {
      i = readOption(args, i, line);
    }
    List<String> config = line.get(Options.CONFIG.key());
    Map<String, List<String>> merged = new LinkedHashMap<>();
    if (config != null) {
      merged.putAll(ConfigFile.read(config.get(0), this));
    }
    merged.putAll(line);
    OptionValues values = new OptionValues(command, inTableOrder(merged));
    if (!values.get(Options.HELP)) {
      requireAll(values);
    }
    return values;
  }

  private int readOption(List<String> args, int at, Map<String, List<String>> into) {
    String arg = args.get(at);
    String bare = command.bareOption();
    if (bare != null && !arg.startsWith("-") && !into.containsKey(bare)) {
      add(option(bare, ""), arg, "", into);
      return at;
    }
    if (!arg.startsWith(DASHES) || arg.equals(DASHES)) {
      throw new InvalidInputException(
          "Unexpected '"
              + arg
              + "' for '"
              + command.word()
              + "': options start with --, see --help");
    }
    int equals = arg.indexOf('=');
    String key = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
    Option<?> option = option(key, "");
    if (equals >= 0) {
      add(option, arg.substring(equals + 1), "", into);
      return at;
    }
    if (option.isFlag()) {
      add(option, "true", "", into);
      return at;
    }
    if (at + 1 >= args.size() || isKnownOption(args.get(at + 1))) {
      throw new InvalidInputException(
          "Missing value for " + option + ": expected " + option.form());
    }
    int last = at + 1;
    add(option, args.get(last), "", into);
    while (option.isRepeatable()
        && last + 1 < args.size()
        && !args.get(last + 1).startsWith(DASHES)) {
      last++;
      add(option, args.get(last), "", into);
    }
    return last;
  }

  private boolean isKnownOption(String arg) {
    String key = arg.startsWith(DASHES) ? arg.substring(2).replaceFirst("=.*", "") : "";
    return known.containsKey(key);
  }

  boolean knows(String key) {
    return known.containsKey(key);
  }

  /**
   * The option of a key.
   *
   * @param where what the message adds to say where the key was found, such as {@code " in
   *     job.yaml"}
   */
  Option<?> option(String key, String where) {
    Option<?> option = known.get(key);
    if (option != null) {
      return option;
    }
    throw new InvalidInputException(
        "Unknown option --" + key + " for '" + command.word() + "'" + where + advice(key));
  }

  private String advice(String unknown) {
    if (SPARK_SUBMIT.contains(unknown)) {
      return ": it is one of spark-submit's, which scripts/deeplift takes behind \"--\"";
    }
    Optional<String> nearest = Suggestion.nearest(unknown, known.keySet());
    return ". " + nearest.map(word -> "Did you mean --" + word + "?").orElse("See --help.");
  }

  /** Adds a value after checking it. */
  void add(Option<?> option, String text, String where, Map<String, List<String>> into) {
    try {
      option.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "Invalid value '" + text + "' for " + option + where + ": expected " + e.getMessage(), e);
    }
    List<String> values = into.computeIfAbsent(option.key(), key -> new ArrayList<>());
    if (!values.isEmpty() && !option.isRepeatable()) {
      throw new InvalidInputException("Option " + option + " is given more than once" + where);
    }
    values.add(text);
  }

  private Map<String, List<String>> inTableOrder(Map<String, List<String>> texts) {
    Map<String, List<String>> ordered = new LinkedHashMap<>();
    for (String key : known.keySet()) {
      if (texts.containsKey(key)) {
        ordered.put(key, List.copyOf(texts.get(key)));
      }
    }
    return ordered;
  }

  private void requireAll(OptionValues values) {
    List<String> missing = new ArrayList<>();
    for (Option<?> option : known.values()) {
      if (option.isRequiredBy(command) && !values.isGiven(option)) {
        missing.add(option + " " + option.form());
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "Missing for '" + command.word() + "': " + String.join(", ", missing) + ". See --help.");
    }
  }
}
