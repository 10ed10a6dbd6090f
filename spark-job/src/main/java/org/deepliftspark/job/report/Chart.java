package org.deepliftspark.job.report;

import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A chart as SVG: a frame with numbers along its sides, whose width suits a telephone and which
 * grows with its column. Colours come from the page's style.
 */
final class Chart {
  private static final double WIDTH = 360;
  private static final double HEIGHT = 210;
  private static final double LEFT = 46;
  private static final double RIGHT = 10;
  private static final double TOP = 8;
  private static final double BOTTOM = 34;
  private static final int TICKS = 4;

  private final StringBuilder marks = new StringBuilder();
  private final String id;
  private final String title;
  private final String description;
  private double lowX;
  private double highX;
  private double lowY;
  private double highY;

  /**
   * @param id unique on the page
   * @param title what is shown
   * @param description what there is to see
   */
  Chart(String id, String title, String description) {
    this.id = id;
    this.title = title;
    this.description = description;
  }

  /** Sets the ranges of both axes; an empty one is made wider. */
  Chart range(double lowX, double highX, double lowY, double highY) {
    this.lowX = lowX;
    this.highX = highX > lowX ? highX : lowX + 1;
    this.lowY = lowY;
    this.highY = highY > lowY ? highY : lowY + 1;
    return this;
  }

  private double x(double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (value - lowX) / (highX - lowX);
  }

  private double y(double value) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (highY - value) / (highY - lowY);
  }

  /** A filled rectangle between two corners. */
  void box(String style, double x1, double y1, double x2, double y2, double opacity, String hint) {
    marks.append("<rect class=\"").append(style).append("\" x=\"").append(Escape.at(x(x1)));
    marks.append("\" y=\"").append(Escape.at(y(y2))).append("\" width=\"");
    marks.append(Escape.at(Math.max(0.3, x(x2) - x(x1)))).append("\" height=\"");
    marks.append(Escape.at(y(y1) - y(y2))).append('"');
    if (opacity < 1) {
      marks.append(String.format(Locale.ROOT, " opacity=\"%.2f\"", opacity));
    }
    marks.append("><title>").append(Escape.text(hint)).append("</title></rect>");
  }

  /** A line through numbers at 0.5, 1.5, 2.5 and so on. */
  void line(String style, double[] values) {
    marks.append("<path class=\"").append(style).append("\" d=\"");
    for (int i = 0; i < values.length; i++) {
      marks.append(i == 0 ? "M" : "L").append(Escape.at(x(i + 0.5))).append(' ');
      marks.append(Escape.at(y(values[i])));
    }
    marks.append("\"/>");
  }

  /** A straight line between two points. */
  void rule(String style, double x1, double y1, double x2, double y2) {
    marks.append("<path class=\"").append(style).append("\" d=\"M").append(Escape.at(x(x1)));
    marks.append(' ').append(Escape.at(y(y1))).append('L').append(Escape.at(x(x2))).append(' ');
    marks.append(Escape.at(y(y2))).append("\"/>");
  }

  /**
   * The picture.
   *
   * @param nameX what runs along
   * @param nameY what runs up, written above the axis
   */
  String draw(
      String nameX, DoubleFunction<String> labelX, String nameY, DoubleFunction<String> labelY) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<figure><svg class=\"chart\" role=\"img\" viewBox=\"0 -14 360 226\" aria-labelledby=\"");
    svg.append(id).append("-t ").append(id).append("-d\"><title id=\"").append(id).append("-t\">");
    svg.append(Escape.text(title)).append("</title><desc id=\"").append(id).append("-d\">");
    svg.append(Escape.text(description)).append("</desc>");
    double bottom = HEIGHT - BOTTOM;
    for (double tick = step(lowY, highY, true); tick <= highY; tick += step(lowY, highY, false)) {
      path(svg, "grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
      text(svg, "end", LEFT - 4, y(tick) + 4, labelY.apply(clean(tick, lowY, highY)));
    }
    svg.append(marks);
    path(svg, "axis", LEFT, bottom, WIDTH - RIGHT, bottom);
    path(svg, "axis", LEFT, TOP, LEFT, bottom);
    for (double tick = step(lowX, highX, true); tick <= highX; tick += step(lowX, highX, false)) {
      path(svg, "axis", x(tick), bottom, x(tick), bottom + 4);
      String anchor = x(tick) > WIDTH - 30 ? "end" : "middle";
      double at = anchor.equals("end") ? WIDTH : x(tick);
      text(svg, anchor, at, bottom + 15, labelX.apply(clean(tick, lowX, highX)));
    }
    text(svg, "middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, nameX);
    text(svg, "start", 2, -4, nameY);
    return svg.append("</svg><figcaption>")
        .append(Escape.text(description))
        .append("</figcaption></figure>")
        .toString();
  }

  /** The distance of round ticks, or the first of them. */
  private static double step(double low, double high, boolean first) {
    double rough = (high - low) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    double step = power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    return first ? Math.ceil(low / step - 1e-9) * step : step;
  }

  /** A tick without the rounding of its sum. */
  private static double clean(double tick, double low, double high) {
    double step = step(low, high, false);
    return Math.rint(tick / step) * step;
  }

  private static void path(
      StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
    svg.append("<path class=\"").append(style).append("\" d=\"M").append(Escape.at(x1)).append(' ');
    svg.append(Escape.at(y1)).append('L').append(Escape.at(x2)).append(' ').append(Escape.at(y2));
    svg.append("\"/>");
  }

  private static void text(StringBuilder svg, String anchor, double x, double y, String text) {
    svg.append("<text text-anchor=\"").append(anchor).append("\" x=\"").append(Escape.at(x));
    svg.append("\" y=\"").append(Escape.at(y)).append("\">").append(Escape.text(text));
    svg.append("</text>");
  }
}
