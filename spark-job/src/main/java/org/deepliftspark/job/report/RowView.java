package org.deepliftspark.job.report;

import java.util.Locale;
import org.deepliftspark.job.scores.ScoreRow;

/** Shows one row: the part of a sequence that matters most as logos, or an image's heat map. */
final class RowView {
  /** Positions that are drawn of a longer sequence. */
  static final int SHOWN = 150;

  /** Positions of a line; so many are still readable on a telephone. */
  private static final int PER_LINE = 50;

  private static final double HEIGHT = 62;

  /** Least side of a picture in CSS pixels. */
  private static final int PICTURE = 168;

  private RowView() {}

  /**
   * @param number of the row in the list, from 1
   * @param input grey levels of its image; null if not known
   */
  static String html(ScoreRow row, int number, float[] input) {
    StringBuilder html = new StringBuilder("<article class=\"row\"><h3>");
    html.append(number)
        .append(". <span class=\"id\">")
        .append(Escape.text(row.id()))
        .append("</span></h3>");
    html.append("<p>Prediction ").append(Escape.number(row.prediction()));
    html.append(", references ").append(Escape.number(row.referencePrediction()));
    html.append(", sum of contributions ").append(Escape.number(row.mass())).append('.');
    if (row.isSequence()) {
      appendLogos(html, row);
    } else if (HeatMap.fits(row)) {
      appendPictures(html, row, input);
    } else {
      html.append(" Its scores have ").append(row.shape().length).append(" axes: not drawn.</p>");
    }
    return html.append("</article>").toString();
  }

  private static void appendLogos(StringBuilder html, ScoreRow row) {
    float[] observed = row.observed();
    int from = strongest(observed, SHOWN);
    int to = Math.min(row.length(), from + SHOWN);
    if (to - from < row.length()) {
      html.append(
          String.format(
              Locale.ROOT,
              " Shown are positions %d to %d of %,d, where the contributions are largest.",
              from + 1,
              to,
              row.length()));
    }
    html.append("</p>");
    Logo whole = Logo.of(row.sequence(), observed, from, to);
    LogoSvg.Frame scale = LogoSvg.Frame.of(whole, 1, HEIGHT);
    for (int start = from; start < to; start += PER_LINE) {
      int end = Math.min(to, start + PER_LINE);
      Logo line = Logo.of(row.sequence(), observed, start, end);
      LogoSvg.Frame frame = new LogoSvg.Frame(start + 1, scale.low(), scale.high(), HEIGHT, true);
      String title = row.id() + ", positions " + (start + 1) + " to " + end;
      String sequence = "Contributions of the bases " + row.sequence().substring(start, end);
      html.append(LogoSvg.draw(line, frame, PER_LINE, title, sequence, ""));
    }
  }

  /** Start of the window whose contributions are largest in sum of magnitudes. */
  static int strongest(float[] observed, int width) {
    double sum = 0;
    double best = -1;
    int start = 0;
    for (int i = 0; i < observed.length; i++) {
      sum += Math.abs(observed[i]);
      if (i >= width) {
        sum -= Math.abs(observed[i - width]);
      }
      if (i >= width - 1 && sum > best * (1 + 1e-9)) {
        best = sum;
        start = i - width + 1;
      }
    }
    return start;
  }

  private static void appendPictures(StringBuilder html, ScoreRow row, float[] input) {
    float[] sums = HeatMap.sums(row);
    html.append("</p><div class=\"pictures\">");
    if (input != null) {
      appendPicture(html, row, HeatMap.dataUri(null, input, row.shape()), "Input");
    }
    String caption = input == null ? "Contributions" : "Contributions over the input";
    appendPicture(html, row, HeatMap.dataUri(sums, input, row.shape()), caption);
    html.append("</div>");
    String largest = Escape.number(HeatMap.largest(sums));
    html.append("<p class=\"scale\"><span>\u2212").append(largest);
    html.append("</span><span class=\"ramp\" role=\"img\" aria-label=\"Colour scale from blue,");
    html.append(" against the target, over white to red, for it\"></span><span>+");
    html.append(largest).append("</span></p>");
  }

  private static void appendPicture(StringBuilder html, ScoreRow row, String uri, String caption) {
    int height = row.shape()[0];
    int width = row.shape()[1];
    int factor = Math.max(1, PICTURE / Math.max(height, width));
    html.append("<figure><img src=\"").append(uri).append("\" width=\"").append(width * factor);
    html.append("\" height=\"").append(height * factor).append("\" alt=\"");
    html.append(Escape.text(caption + " of " + row.id())).append("\"/><figcaption>");
    html.append(caption).append("</figcaption></figure>");
  }
}
