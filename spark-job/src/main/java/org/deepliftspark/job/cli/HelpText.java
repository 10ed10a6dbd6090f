package org.deepliftspark.job.cli;

import java.util.List;

/** Help and docs, printed from the table of options. */
final class HelpText {
  private static final int WIDTH = 100;
  private static final int INDENT = 6;

  private HelpText() {}

  /** What {@code help} prints. */
  static String commands() {
    StringBuilder text = new StringBuilder("Usage: deeplift COMMAND [OPTIONS]\n\n");
    for (CommandName name : CommandName.values()) {
      text.append(String.format("  %-10s %s%n", name.word(), name.summary()));
    }
    text.append(
        String.format(
            "  %-10s %s%n", "help", "prints this, or the options of a command: help COMMAND"));
    text.append(String.format("  %-10s %s%n", "version", "prints the version"));
    return text.toString();
  }

  /** What {@code COMMAND --help} prints. */
  static String of(CommandName command) {
    StringBuilder text = new StringBuilder();
    text.append("Usage: deeplift ").append(command.word()).append(" [OPTIONS]\n");
    text.append("  ").append(command.summary()).append('\n');
    for (OptionGroup group : OptionGroup.values()) {
      List<Option<?>> options = in(group, command);
      if (!options.isEmpty()) {
        text.append('\n').append(group.title()).append('\n');
        options.forEach(option -> appendOption(text, option, command));
      }
    }
    return text.toString();
  }

  /** The options of a command as Markdown tables, one per group. */
  static String markdown(CommandName command) {
    StringBuilder text = new StringBuilder();
    for (OptionGroup group : OptionGroup.values()) {
      List<Option<?>> options = in(group, command);
      if (!options.isEmpty()) {
        text.append("\n**").append(group.title()).append("**\n\n");
        text.append("| option | default | what it does |\n| --- | --- | --- |\n");
        options.forEach(option -> appendRow(text, option, command));
      }
    }
    return text.toString();
  }

  private static List<Option<?>> in(OptionGroup group, CommandName command) {
    return Options.of(command).stream().filter(option -> option.group() == group).toList();
  }

  private static void appendOption(StringBuilder text, Option<?> option, CommandName command) {
    text.append("  ").append(usage(option)).append('\n');
    StringBuilder doc = new StringBuilder(option.doc());
    if (option.isRepeatable()) {
      doc.append("; may be given several times");
    }
    if (option.isRequiredBy(command)) {
      doc.append(" (required)");
    } else if (!option.isFlag() && option.defaultText() != null) {
      doc.append(" (default: ").append(option.defaultText()).append(')');
    }
    wrap(text, doc.toString());
  }

  private static String usage(Option<?> option) {
    return option.isFlag() ? option.toString() : option + " " + option.form();
  }

  private static void wrap(StringBuilder text, String doc) {
    int column = 0;
    for (String word : doc.split(" ")) {
      if (column > 0 && INDENT + column + 1 + word.length() > WIDTH) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? " ".repeat(INDENT) : " ").append(word);
      column += word.length() + 1;
    }
    text.append('\n');
  }

  private static void appendRow(StringBuilder text, Option<?> option, CommandName command) {
    String fallback = option.isRequiredBy(command) ? "required" : "";
    if (!option.isFlag() && option.defaultText() != null) {
      fallback = "`" + option.defaultText() + "`";
    }
    String doc = option.doc() + (option.isRepeatable() ? "; repeatable" : "");
    text.append("| `").append(usage(option).replace("|", "\\|")).append("` | ").append(fallback);
    text.append(" | ").append(doc.replace("|", "\\|")).append(" |\n");
  }
}
