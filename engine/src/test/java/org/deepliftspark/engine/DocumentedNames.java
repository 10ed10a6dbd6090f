package org.deepliftspark.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names that tables of the docs promise. */
public final class DocumentedNames {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private DocumentedNames() {}

  /**
   * The names in backquotes in every column of that title.
   *
   * @param page such as {@code README.md}
   */
  public static Set<String> in(String page, String title) throws IOException {
    String[] head = null;
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(ROOT.resolve(page))) {
      if (!line.startsWith("|")) {
        head = null;
        continue;
      }
      String[] cells = line.split("\\|");
      if (head == null) {
        head = cells;
        continue;
      }
      for (int column = 0; column < Math.min(head.length, cells.length); column++) {
        if (head[column].strip().equals(title)) {
          names.addAll(quoted(cells[column]));
        }
      }
    }
    return names;
  }

  private static Set<String> quoted(String cell) {
    return NAME.matcher(cell)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toSet());
  }
}
