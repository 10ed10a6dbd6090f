package org.deepliftspark.engine.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names that the table of {@code docs/layers.md} promises. */
public final class DocumentedNames {
  private static final Path PAGE = Path.of("../docs/layers.md");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private DocumentedNames() {}

  /**
   * The names in a column.
   *
   * @param title of the column
   */
  public static Set<String> in(String title) throws IOException {
    String[] head = null;
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (!line.startsWith("|")) {
        continue;
      }
      String[] cells = line.split("\\|");
      if (head == null) {
        head = cells;
      }
      for (int column = 0; column < cells.length; column++) {
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
