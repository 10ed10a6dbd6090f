package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * README's tables of options are those of the program, word for word; where they differ, the
 * failure shows what README has to say.
 */
class DocumentedOptionsTest {
  private static final Path README = Path.of("../README.md");

  /** What README says between two comments. */
  private static String section(String name) throws IOException {
    String readme = Files.readString(README);
    String start = "<!-- " + name + " -->";
    String end = "<!-- end of " + name + " -->";
    assertThat(readme).containsOnlyOnce(start).containsOnlyOnce(end);
    return readme.substring(readme.indexOf(start) + start.length(), readme.indexOf(end)).strip();
  }

  @Test
  void readmeHasTheOptionsOfScore() throws IOException {
    assertThat(section("options")).isEqualTo(HelpText.markdown(CommandName.SCORE).strip());
  }

  @Test
  void readmeHasTheOptionsOfTheOtherCommands() throws IOException {
    String rows =
        besidesScore().stream().map(DocumentedOptionsTest::row).collect(Collectors.joining("\n"));
    assertThat(section("other options"))
        .isEqualTo("| option | default | of | what it does |\n| --- | --- | --- | --- |\n" + rows);
  }

  private static Set<Option<?>> besidesScore() {
    Set<Option<?>> options = new LinkedHashSet<>();
    for (CommandName command : CommandName.values()) {
      options.addAll(Options.of(command));
    }
    options.removeAll(Options.of(CommandName.SCORE));
    return options;
  }

  private static String row(Option<?> option) {
    List<CommandName> commands =
        Arrays.stream(CommandName.values()).filter(option::isUsedBy).toList();
    boolean required = commands.stream().anyMatch(option::isRequiredBy);
    String fallback = option.defaultText() == null ? "" : "`" + option.defaultText() + "`";
    return "| `%s` | %s | %s | %s |"
        .formatted(
            option.isFlag() ? option.toString() : option + " " + option.form().replace("|", "\\|"),
            option.isFlag() ? "" : required ? "required" : fallback,
            commands.stream().map(CommandName::word).collect(Collectors.joining(", ")),
            option.doc().replace("|", "\\|") + (option.isRepeatable() ? "; repeatable" : ""));
  }
}
