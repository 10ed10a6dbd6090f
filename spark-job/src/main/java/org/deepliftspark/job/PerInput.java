package org.deepliftspark.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;

/** Values of options that are given once per input of the model, as {@code [NAME=]VALUE}. */
public final class PerInput {

  private PerInput() {}

  /**
   * Puts an option's values into the order of the model's inputs. A model with one input needs no
   * name.
   *
   * @param option with its dashes
   * @param given values as written
   * @param otherwise the value of an input that none is given for, or null
   * @return one text per input, without its name
   * @throws InvalidInputException if an input has no value or two, or a value has no input
   */
  public static List<String> of(
      String option, List<String> given, List<Node> inputs, Function<Node, String> otherwise) {
    List<String> names = inputs.stream().map(Node::name).toList();
    String[] texts = new String[names.size()];
    for (String text : given) {
      int input = inputOf(text, names, option);
      if (texts[input] != null) {
        throw new InvalidInputException(
            "Invalid " + option + " " + text + ": input '" + names.get(input) + "' has one");
      }
      texts[input] = withoutName(text, names.get(input));
    }
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      texts[i] = texts[i] == null ? otherwise.apply(inputs.get(i)) : texts[i];
      if (texts[i] == null) {
        missing.add("'" + names.get(i) + "'");
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "Missing " + option + " for input " + String.join(", ", missing) + " of the model");
    }
    return Arrays.asList(texts);
  }

  private static int inputOf(String given, List<String> names, String option) {
    for (int i = 0; i < names.size(); i++) {
      if (given.startsWith(names.get(i) + "=")) {
        return i;
      }
    }
    if (names.size() == 1) {
      return 0;
    }
    throw new InvalidInputException(
        "Invalid "
            + option
            + " "
            + given
            + ": the model has inputs "
            + String.join(", ", names)
            + ", expected NAME=VALUE with one of these names");
  }

  private static String withoutName(String given, String name) {
    return given.startsWith(name + "=") ? given.substring(name.length() + 1) : given;
  }
}
