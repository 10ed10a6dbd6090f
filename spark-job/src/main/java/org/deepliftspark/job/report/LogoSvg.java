package org.deepliftspark.job.report;

import java.util.Locale;

/**
 * Draws logos as SVG. Letters are outlines, so no font has a say in them; colours come from the
 * classes {@code A, C, G, T, N} of the page's style.
 */
final class LogoSvg {
  static final double COLUMN = 7.2;
  private static final double LEFT = 34;
  private static final double RIGHT = 12;
  private static final double TOP = 5;
  private static final double BOTTOM = 15;

  /** Space between letters, as a share of a column. */
  private static final double GAP = 0.06;

  private static final int TICK_EVERY = 10;

  /** What letters look like where the page has no style of its own. */
  static final String STYLE =
      ".A{fill:#0f8a45}.C{fill:#1f5fb4}.G{fill:#e08a00}.T{fill:#cf2233}.N{fill:#767676}"
          + ".axis{stroke:#595959;stroke-width:.6;fill:none}"
          + "text{font:9px system-ui,sans-serif;fill:#404040}";

  private LogoSvg() {}

  /**
   * How a logo is drawn.
   *
   * @param first number of the first position as printed
   * @param low lower end of the scale
   * @param high upper end
   * @param height of the scale in units of the picture
   * @param axes whether numbers stand at the sides
   */
  record Frame(int first, double low, double high, double height, boolean axes) {
    /** A scale that holds all of a logo. */
    static Frame of(Logo logo, int first, double height) {
      double high = logo.highest();
      double low = logo.lowest();
      return new Frame(first, low, high > low ? high : low + 1, height, true);
    }

    /** Where a number lies, from the top. */
    double y(double value) {
      return TOP + height * (high - value) / (high - low);
    }
  }

  static double width(Logo logo, Frame frame) {
    return width(frame, logo.columns());
  }

  /** Room at the right holds the half of a number that stands below the last column. */
  private static double width(Frame frame, int columns) {
    return columns * COLUMN + (frame.axes() ? LEFT + RIGHT : 2);
  }

  static double height(Frame frame) {
    return TOP + frame.height() + (frame.axes() ? BOTTOM : TOP);
  }

  /**
   * A picture with a title and a description for those who cannot see it.
   *
   * @param columns width of the picture in columns, at least those of the logo
   * @param style style sheet to put in; empty inside a page that has one
   */
  static String draw(
      Logo logo, Frame frame, int columns, String title, String description, String style) {
    String id = Integer.toHexString((title + '\n' + description).hashCode());
    double width = width(frame, columns);
    StringBuilder svg = new StringBuilder();
    svg.append(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" class=\"logo\" viewBox=\"0 0 ")
        .append(Escape.at(width))
        .append(' ')
        .append(Escape.at(height(frame)))
        .append("\" aria-labelledby=\"t")
        .append(id)
        .append(" d")
        .append(id)
        .append("\"><title id=\"t")
        .append(id)
        .append("\">")
        .append(Escape.text(title))
        .append("</title><desc id=\"d")
        .append(id)
        .append("\">")
        .append(Escape.text(description))
        .append("</desc>");
    if (!style.isEmpty()) {
      svg.append("<style>").append(style).append("</style>");
    }
    double left = frame.axes() ? LEFT : 0;
    for (Logo.Letter letter : logo.letters()) {
      letter(svg, letter, frame, left);
    }
    line(svg, left, frame.y(0), left + logo.columns() * COLUMN, frame.y(0));
    if (frame.axes()) {
      axes(svg, logo, frame);
    }
    return svg.append("</svg>").toString();
  }

  private static void letter(StringBuilder svg, Logo.Letter letter, Frame frame, double left) {
    double x = left + (letter.column() + GAP / 2) * COLUMN;
    double scaleX = COLUMN * (1 - GAP) / Glyph.SIZE;
    double top = frame.y(letter.top());
    // A negative letter's top is below its bottom, so its scale is negative: it stands on its head.
    double scaleY = (frame.y(letter.bottom()) - top) / Glyph.SIZE;
    svg.append("<path class=\"")
        .append(letter.drawn())
        .append("\" fill-rule=\"evenodd\" transform=\"matrix(")
        .append(precise(scaleX))
        .append(" 0 0 ")
        .append(precise(scaleY))
        .append(' ')
        .append(Escape.at(x))
        .append(' ')
        .append(Escape.at(top))
        .append(")\" d=\"")
        .append(Glyph.path(letter.drawn()))
        .append("\"/>");
  }

  private static String precise(double scale) {
    return String.format(Locale.ROOT, "%.5f", scale);
  }

  private static void axes(StringBuilder svg, Logo logo, Frame frame) {
    line(svg, LEFT, frame.y(frame.high()), LEFT, frame.y(frame.low()));
    label(svg, frame, frame.high());
    if (frame.low() < 0) {
      label(svg, frame, frame.low());
    }
    if (frame.high() > 0 && apart(frame, 0, frame.low()) && apart(frame, 0, frame.high())) {
      label(svg, frame, 0);
    }
    double base = TOP + frame.height();
    for (int column = 0; column < logo.columns(); column++) {
      int position = frame.first() + column;
      boolean end = column == 0 && position % TICK_EVERY > 0 && position % TICK_EVERY < 6;
      if (position % TICK_EVERY == 0 || end) {
        double x = LEFT + (column + 0.5) * COLUMN;
        line(svg, x, base, x, base + 3);
        svg.append("<text text-anchor=\"middle\" x=\"")
            .append(Escape.at(x))
            .append("\" y=\"")
            .append(Escape.at(base + 12))
            .append("\">")
            .append(position)
            .append("</text>");
      }
    }
  }

  /** Whether two labels do not touch. */
  private static boolean apart(Frame frame, double a, double b) {
    return a == b || Math.abs(frame.y(a) - frame.y(b)) > 10;
  }

  private static void label(StringBuilder svg, Frame frame, double value) {
    svg.append("<text text-anchor=\"end\" x=\"")
        .append(Escape.at(LEFT - 3))
        .append("\" y=\"")
        .append(Escape.at(frame.y(value) + 3))
        .append("\">")
        .append(Escape.number(value))
        .append("</text>");
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append("<path class=\"axis\" d=\"M")
        .append(Escape.at(x1))
        .append(' ')
        .append(Escape.at(y1))
        .append('L')
        .append(Escape.at(x2))
        .append(' ')
        .append(Escape.at(y2))
        .append("\"/>");
  }
}
