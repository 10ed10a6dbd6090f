package org.deepliftspark.job.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One option: its key, the form of its value, its default, its line in help and docs, and the check
 * of its value. Immutable.
 *
 * @param <T> type of the parsed value
 */
public final class Option<T> {
  private final String key;
  private final String form;
  private final OptionGroup group;
  private final ValueParser<T> parser;
  private final String doc;
  private final String defaultText;
  private final boolean repeatable;
  private final Set<CommandName> commands;
  private final Set<CommandName> requiredBy;

  private Option(
      String key,
      String form,
      OptionGroup group,
      ValueParser<T> parser,
      String doc,
      String defaultText,
      boolean repeatable,
      Set<CommandName> commands,
      Set<CommandName> requiredBy) {
    this.key = key;
    this.form = form;
    this.group = group;
    this.parser = parser;
    this.doc = doc;
    this.defaultText = defaultText;
    this.repeatable = repeatable;
    this.commands = commands;
    this.requiredBy = requiredBy;
  }

  static <T> Option<T> value(
      OptionGroup group, String key, String form, ValueParser<T> parser, String doc) {
    return new Option<>(key, form, group, parser, doc, null, false, Set.of(), Set.of());
  }

  static Option<Boolean> flag(OptionGroup group, String key, String doc) {
    return new Option<>(
        key, null, group, Values::trueOrFalse, doc, "false", false, Set.of(), Set.of());
  }

  /** Gives the default, as the text that a user would write. */
  Option<T> byDefault(String text) {
    parser.parse(text);
    return new Option<>(key, form, group, parser, doc, text, repeatable, commands, requiredBy);
  }

  Option<T> repeatable() {
    return new Option<>(key, form, group, parser, doc, defaultText, true, commands, requiredBy);
  }

  Option<T> usedBy(CommandName... names) {
    return new Option<>(
        key, form, group, parser, doc, defaultText, repeatable, and(commands, names), requiredBy);
  }

  Option<T> requiredBy(CommandName... names) {
    return new Option<>(
        key,
        form,
        group,
        parser,
        doc,
        defaultText,
        repeatable,
        and(commands, names),
        and(requiredBy, names));
  }

  private static Set<CommandName> and(Set<CommandName> set, CommandName... names) {
    EnumSet<CommandName> union = EnumSet.noneOf(CommandName.class);
    union.addAll(set);
    union.addAll(List.of(names));
    return union;
  }

  /** The key without dashes, as YAML files write it. */
  public String key() {
    return key;
  }

  /** What the value looks like, such as {@code PATH}; null for a flag. */
  public String form() {
    return form;
  }

  OptionGroup group() {
    return group;
  }

  public String doc() {
    return doc;
  }

  /** The default as a user would write it, or null if there is none. */
  public String defaultText() {
    return defaultText;
  }

  public boolean isFlag() {
    return form == null;
  }

  public boolean isRepeatable() {
    return repeatable;
  }

  public boolean isUsedBy(CommandName command) {
    return commands.contains(command);
  }

  boolean isRequiredBy(CommandName command) {
    return requiredBy.contains(command);
  }

  T parse(String text) {
    return parser.parse(text);
  }

  @Override
  public String toString() {
    return "--" + key;
  }
}
