package org.deepliftspark.job.report;

import java.util.Locale;

/** Texts and numbers for HTML and SVG. */
final class Escape {

  private Escape() {}

  /** A text that shows as it is, inside an element or a quoted attribute. */
  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      switch (letter) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(isAllowed(letter) ? letter : '\ufffd');
      }
    }
    return out.toString();
  }

  /** Control characters are not allowed in XML. */
  private static boolean isAllowed(char letter) {
    return letter >= ' ' || letter == '\t' || letter == '\n';
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
