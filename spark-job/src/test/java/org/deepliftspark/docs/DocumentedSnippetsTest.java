package org.deepliftspark.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  private static final Path ROOT = Path.of("..");

  /** A comment that names a file, then a fenced block. */
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- (scripts/\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);

  private record Snippet(Path page, Path file, String text) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + text.lines().findFirst().orElse("");
    }
  }

  static Stream<Snippet> snippets() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      List<Path> all = pages.filter(page -> page.toString().endsWith(".md")).sorted().toList();
      return all.stream().flatMap(DocumentedSnippetsTest::snippetsOf);
    }
  }

  private static Stream<Snippet> snippetsOf(Path page) {
    return SNIPPET
        .matcher(read(page))
        .results()
        .map(found -> new Snippet(page, ROOT.resolve(found.group(1)), found.group(2)));
  }

  @Test
  void everyNamedFileHasABlockUnderIt() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      List<Path> all = pages.filter(page -> page.toString().endsWith(".md")).toList();
      long named =
          all.stream()
              .flatMap(page -> read(page).lines())
              .filter(line -> line.startsWith("<!-- scripts/"))
              .count();
      assertThat(snippets()).hasSize((int) named).isNotEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void standsInTheFileThatItNames(Snippet snippet) {
    assertThat(withoutIndentation(read(snippet.file())))
        .contains(withoutIndentation(snippet.text()));
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
