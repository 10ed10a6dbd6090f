package org.deepliftspark.job.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.job.PerInput;

/**
 * The options of one run, parsed and checked. Immutable.
 *
 * @param command the command they are for
 * @param texts what was given, by key, in the order of the table; defaults are not in it
 */
public record OptionValues(CommandName command, Map<String, List<String>> texts) {

  /** The value, or the default, or null if there is neither. */
  public <T> T get(Option<T> option) {
    List<T> all = all(option);
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  public <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable(get(option));
  }

  /** Every value of a repeatable option; the default alone if none was given. */
  public <T> List<T> all(Option<T> option) {
    if (!option.isUsedBy(command)) {
      throw new IllegalStateException(
          "Option " + option + " does not belong to '" + command.word() + "'");
    }
    List<String> given = texts.get(option.key());
    if (given != null) {
      return given.stream().map(option::parse).toList();
    }
    return option.defaultText() == null ? List.of() : List.of(option.parse(option.defaultText()));
  }

  /**
   * The values of an option that is given once per input of a model, in the order of the inputs.
   *
   * @throws org.deepliftspark.engine.InvalidInputException if an input has no value or two
   */
  List<String> perInput(Option<String> option, Graph graph) {
    return perInput(option, graph, input -> null);
  }

  /**
   * As {@link #perInput(Option, Graph)}.
   *
   * @param otherwise the value of an input that none is given for, or null
   */
  List<String> perInput(Option<String> option, Graph graph, Function<Node, String> otherwise) {
    return PerInput.of(option.toString(), all(option), graph.inputs(), otherwise);
  }

  /** Whether the user gave the option. */
  public boolean isGiven(Option<?> option) {
    return texts.containsKey(option.key());
  }

  /** Every option with a value, defaults included, as a user would write it; for provenance. */
  public Map<String, Object> resolved() {
    Map<String, Object> resolved = new LinkedHashMap<>();
    for (Option<?> option : Options.of(command)) {
      List<String> given = texts.get(option.key());
      if (given != null) {
        resolved.put(option.key(), option.isRepeatable() ? given : given.get(0));
      } else if (option.defaultText() != null) {
        resolved.put(option.key(), option.defaultText());
      }
    }
    return resolved;
  }
}
