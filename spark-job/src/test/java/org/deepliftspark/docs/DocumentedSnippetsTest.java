package org.deepliftspark.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A snippet of the docs that says where it comes from must stand there word for word, so that what
 * the docs show is what is run; only the indentation of a block may differ.
 */
class DocumentedSnippetsTest {

  /** A comment that names a file, then a fenced block. */
  private static final Pattern SNIPPET =
      Pattern.compile(
          "<!-- ((?:scripts|engine|spark-job)/\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);

  private static final Pattern NAMED = Pattern.compile("(?m)^<!-- (?:scripts|engine|spark-job)/");

  private record Snippet(Path page, Path file, String text) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + text.lines().findFirst().orElse("");
    }
  }

  static Stream<Snippet> snippets() throws IOException {
    return Pages.all().stream().flatMap(DocumentedSnippetsTest::snippetsOf);
  }

  private static Stream<Snippet> snippetsOf(Path page) {
    return SNIPPET
        .matcher(Pages.read(page))
        .results()
        .map(found -> new Snippet(page, Pages.ROOT.resolve(found.group(1)), found.group(2)));
  }

  @Test
  void everyNamedFileHasABlockUnderIt() throws IOException {
    long named =
        Pages.all().stream()
            .mapToLong(page -> NAMED.matcher(Pages.read(page)).results().count())
            .sum();
    assertThat(snippets()).hasSize((int) named).isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void standsInTheFileThatItNames(Snippet snippet) {
    assertThat(withoutIndentation(Pages.read(snippet.file())))
        .contains(withoutIndentation(snippet.text()));
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
