package org.deepliftspark.engine;

/** Texts of strangers, made fit for a terminal, a log or a line of a file. */
public final class PlainText {
  private static final String MORE = "...";

  private PlainText() {}

  /**
   * One line: line ends with the blanks round them become one blank, what a terminal would obey or
   * hide (control and format characters, halves of surrogate pairs) becomes a question mark. Time
   * grows with the text's length only.
   *
   * @param most letters that are kept; what is longer ends in three dots
   */
  public static String line(String text, int most) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), most));
    boolean ended = false;
    int at = 0;
    while (at < text.length()) {
      int letter = text.codePointAt(at);
      at += Character.charCount(letter);
      if (isLineEnd(letter)) {
        ended = true;
        continue;
      }
      if (ended) {
        if (Character.isWhitespace(letter)) {
          continue;
        }
        line.setLength(endOfWords(line));
        line.append(' ');
        ended = false;
      }
      if (line.length() >= most) {
        return line.append(MORE).toString();
      }
      line.appendCodePoint(isShown(letter) ? letter : '?');
    }
    return line.toString();
  }

  private static int endOfWords(StringBuilder line) {
    int end = line.length();
    while (end > 0 && Character.isWhitespace(line.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static boolean isLineEnd(int letter) {
    return letter == '\n'
        || letter == '\r'
        || letter == 0x0B
        || letter == '\f'
        || letter == 0x85
        || letter == 0x2028
        || letter == 0x2029;
  }

  private static boolean isShown(int letter) {
    return switch (Character.getType(letter)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
