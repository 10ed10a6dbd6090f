package org.deepliftspark.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between pages, and files that pages name, lead somewhere. */
class DocumentedLinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)");

  /** Files of the project that a page names in backquotes. */
  private static final Pattern FILE =
      Pattern.compile("`((?:docs|conf|scripts|engine|spark-job)/[\\w./-]+)");

  static Stream<Path> pages() throws IOException {
    return Pages.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void linksLeadToFiles(Path page) {
    List<String> links = found(LINK, page).filter(link -> !link.contains("://")).toList();
    assertThat(links).allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void namedFilesAreThere(Path page) {
    assertThat(found(FILE, page).filter(file -> !file.contains("/target/")))
        .allSatisfy(file -> assertThat(Pages.ROOT.resolve(file)).exists());
  }

  private static Stream<String> found(Pattern pattern, Path page) {
    return pattern.matcher(Pages.read(page)).results().map(found -> found.group(1));
  }
}
