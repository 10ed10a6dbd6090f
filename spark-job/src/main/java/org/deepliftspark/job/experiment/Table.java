package org.deepliftspark.job.experiment;

import java.util.ArrayList;
import java.util.List;

/** Text in columns: the first to the left, the others to the right. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  Table(String... head) {
    rows.add(head);
  }

  void add(String... cells) {
    rows.add(cells);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      for (int column = 0; column < row.length; column++) {
        int width = width(column);
        String format = column == 0 ? "%-" + width + "s" : "  %" + width + "s";
        text.append(String.format(format, row[column]));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> column < row.length)
        .mapToInt(row -> row[column].length())
        .max()
        .orElse(1);
  }
}
