package org.deepliftspark.job.report;

import java.util.Locale;

/** Texts and numbers for HTML and SVG. */
final class Escape {

  private Escape() {}

  /** A text that shows as it is, inside an element or a quoted attribute. */
  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            letter -> {
              switch (letter) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(letter) ? letter : 0xfffd);
              }
            });
    return out.toString();
  }

  /** Control characters, halves of surrogate pairs and two others are not allowed in XML. */
  private static boolean isAllowed(int letter) {
    return letter == '\t'
        || letter == '\n'
        || letter >= ' ' && letter < 0xd800
        || letter >= 0xe000 && letter != 0xfffe && letter != 0xffff;
  }

  /** A coordinate. */
  static String at(double number) {
    String text = String.format(Locale.ROOT, "%.2f", number);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  /** A number to read, to three digits or so. */
  static String number(double number) {
    double size = Math.abs(number);
    if (number == Math.rint(number) && size < 1e6) {
      return String.format(Locale.ROOT, "%,d", (long) number).replace('-', '\u2212');
    }
    String text =
        size >= 1e-3 && size < 1e6
            ? String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : "%.3f", number)
            : String.format(Locale.ROOT, "%.1e", number);
    return text.replace('-', '\u2212').replace("e\u2212", "e-");
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
