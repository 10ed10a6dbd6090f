package org.deepliftspark.job.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Writes the page. It loads nothing, runs no script, and keeps its headings in order. */
final class ReportPage {
  private static final double MOTIF_HEIGHT = 40;

  private final ReportData data;
  private final StringBuilder html = new StringBuilder();

  private ReportPage(ReportData data) {
    this.data = data;
  }

  static String html(ReportData data) {
    return new ReportPage(data).write();
  }

  private String write() {
    String title = "Contribution scores of target " + data.target();
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
    html.append(" style-src 'unsafe-inline'; img-src data:\"/>");
    html.append("<meta name=\"color-scheme\" content=\"light dark\"/><title>");
    html.append(Escape.text(title))
        .append("</title><style>")
        .append(style())
        .append("</style></head>");
    html.append("<body><a class=\"skip\" href=\"#main\">Skip to the report</a><header><h1>");
    html.append(Escape.text(title)).append("</h1><nav aria-label=\"Sections\"><ul>");
    link("summary", "Summary");
    link("scores", "Scores");
    link("motifs", "Motifs");
    link("rows", "Top rows");
    link("rejected", "Rejected rows");
    html.append("</ul></nav></header><main id=\"main\" tabindex=\"-1\">");
    summary();
    charts();
    motifs();
    rows();
    rejected();
    html.append("</main><footer><p>Written by deeplift-spark.</p></footer></body></html>\n");
    return html.toString();
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream("/report/style.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void link(String id, String text) {
    html.append("<li><a href=\"#").append(id).append("\">").append(text).append("</a></li>");
  }

  private void section(String id, String title) {
    html.append("<section aria-labelledby=\"").append(id).append("\"><h2 id=\"").append(id);
    html.append("\">").append(title).append("</h2>");
  }

  private void summary() {
    section("summary", "Summary");
    html.append("<dl>");
    data.facts()
        .forEach(
            (name, value) ->
                html.append("<div><dt>")
                    .append(Escape.text(name))
                    .append("</dt><dd>")
                    .append(Escape.text(value))
                    .append("</dd></div>"));
    html.append("<div><dt>Rows shown here</dt><dd>").append(Escape.count(data.rows()));
    html.append("</dd></div></dl></section>");
  }

  private void charts() {
    section("scores", "Scores");
    html.append("<div class=\"charts\">");
    deltas();
    masses();
    profile();
    html.append("</div></section>");
  }

  private void deltas() {
    html.append("<div><h3>Completeness</h3>");
    Histogram deltas = data.deltas();
    if (deltas == null) {
      html.append("<p>");
      html.append(
          data.zeroDeltas() > 0
              ? "Contributions sum to the difference of the predictions exactly."
              : "The table has no convergence deltas.");
      html.append("</p></div>");
      return;
    }
    Chart chart =
        new Chart(
            "delta",
            "Histogram of the convergence delta",
            "How far the sum of contributions is from the difference of the predictions: what"
                + " rounding left, or what the method does not account for."
                + (data.zeroDeltas() == 0
                    ? ""
                    : " " + Escape.count(data.zeroDeltas()) + " rows are exact and not drawn."));
    chart.range(deltas.low(), deltas.end(), 0, deltas.highest() * 1.05);
    bars(chart, deltas, "rows");
    html.append(chart.draw("|convergence delta|", ReportPage::power, "rows", Escape::number));
    html.append("</div>");
  }

  private static String power(double exponent) {
    double number = Math.pow(10, exponent);
    return String.format(Locale.ROOT, exponent == Math.rint(exponent) ? "%.0e" : "%.1e", number);
  }

  private static void bars(Chart chart, Histogram histogram, String what) {
    for (int bin = 0; bin < histogram.counts().length; bin++) {
      long count = histogram.counts()[bin];
      if (count > 0) {
        double start = histogram.low() + bin * histogram.width();
        chart.box(
            "bar", start, 0, start + histogram.width(), count, 1, Escape.count(count) + " " + what);
      }
    }
  }

  private void masses() {
    html.append("<div><h3>Prediction and score mass</h3>");
    ReportData.Masses masses = data.masses();
    Chart chart =
        new Chart(
            "mass",
            "Predictions against sums of contributions",
            "Each field counts rows; darker fields hold more. With one reference prediction for all"
                + " rows they would lie on a line.");
    chart.range(masses.lowX(), masses.highX(), masses.lowY(), masses.highY());
    long highest = 1;
    for (long count : masses.counts()) {
      highest = Math.max(highest, count);
    }
    double stepX = (masses.highX() - masses.lowX()) / masses.size();
    double stepY = (masses.highY() - masses.lowY()) / masses.size();
    for (int cell = 0; cell < masses.counts().length; cell++) {
      long count = masses.counts()[cell];
      if (count > 0) {
        double x = masses.lowX() + cell / masses.size() * stepX;
        double y = masses.lowY() + cell % masses.size() * stepY;
        double opacity = 0.25 + 0.75 * Math.log1p(count) / Math.log1p(highest);
        chart.box("bar", x, y, x + stepX, y + stepY, opacity, Escape.count(count) + " rows");
      }
    }
    html.append(chart.draw("prediction", Escape::number, "sum of contributions", Escape::number));
    html.append("</div>");
  }

  private void profile() {
    html.append("<div><h3>Mean profile</h3>");
    double[] magnitude = data.magnitude();
    if (magnitude.length == 0) {
      html.append("<p>The rows are no sequences of one length.</p></div>");
      return;
    }
    double low = 0;
    double high = 0;
    for (int i = 0; i < magnitude.length; i++) {
      low = Math.min(low, data.profile()[i]);
      high = Math.max(high, Math.max(magnitude[i], data.profile()[i]));
    }
    Chart chart =
        new Chart(
            "profile",
            "Mean contribution per position",
            "Solid: mean of the contributions; dashed: mean of their magnitudes.");
    chart.range(0, magnitude.length, low, high * 1.05);
    chart.rule("zero", 0, 0, magnitude.length, 0);
    chart.line("line dashed", magnitude);
    chart.line("line", data.profile());
    html.append(chart.draw("position", Escape::number, "mean contribution", Escape::number));
    html.append("</div>");
  }

  private void motifs() {
    section("motifs", "Motifs");
    html.append("<p>").append(Escape.text(data.motifNote())).append("</p>");
    if (!data.motifs().isEmpty()) {
      html.append(
          "<div class=\"scroll\" role=\"region\" aria-labelledby=\"motifs\" tabindex=\"0\">");
      html.append(
          "<table class=\"motifs\" role=\"table\"><caption>Motifs by number of seqlets. The logo is the mean");
      html.append(" contribution of each letter over the seqlets.</caption>");
      html.append("<thead role=\"rowgroup\"><tr role=\"row\">");
      for (String column :
          new String[] {
            "Motif",
            "Mean contributions",
            "Known motif",
            "Seqlets",
            "For",
            "Rows",
            "Mean sum",
            "Where"
          }) {
        html.append("<th role=\"columnheader\" scope=\"col\">").append(column).append("</th>");
      }
      html.append("</tr></thead><tbody role=\"rowgroup\">");
      data.motifs().forEach(this::motif);
      html.append("</tbody></table></div>");
    }
    html.append("</section>");
  }

  private void motif(ReportData.MotifRow motif) {
    html.append("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
    html.append(Escape.text(motif.name()));
    if (!motif.name().equals(motif.id())) {
      html.append("<br/><small>").append(Escape.text(motif.id())).append("</small>");
    }
    html.append("</th><td role=\"cell\">");
    logo(Logo.stacked(motif.contributions()), "Mean contributions of " + motif.name());
    html.append("</td><td role=\"cell\">");
    logo(Logo.stacked(information(motif.probabilities())), "Known motif " + motif.name());
    html.append("</td>");
    number(Escape.count(motif.seqlets()));
    number(Math.round(100.0 * motif.positive() / motif.seqlets()) + "\u00a0%");
    number(Escape.count(motif.rows()));
    number(Escape.number(motif.meanAttribution()));
    html.append("<td role=\"cell\">").append(positions(motif)).append("</td></tr>");
  }

  private void number(String text) {
    html.append("<td role=\"cell\" class=\"number\">").append(text).append("</td>");
  }

  private void logo(Logo logo, String title) {
    LogoSvg.Frame frame = LogoSvg.Frame.of(logo, 1, MOTIF_HEIGHT);
    frame = new LogoSvg.Frame(1, frame.low(), frame.high(), MOTIF_HEIGHT, false);
    html.append(
        LogoSvg.draw(logo, frame, logo.columns(), title, logo.columns() + " positions", ""));
  }

  /** Heights of letters in bits: the information of a position, shared out by probability. */
  static float[] information(float[] probabilities) {
    float[] heights = new float[probabilities.length];
    for (int from = 0; from < heights.length; from += 4) {
      double bits = 2;
      for (int i = from; i < from + 4; i++) {
        double p = probabilities[i];
        bits += p > 0 ? p * Math.log(p) / Math.log(2) : 0;
      }
      for (int i = from; i < from + 4; i++) {
        heights[i] = (float) (probabilities[i] * bits);
      }
    }
    return heights;
  }

  private static String positions(ReportData.MotifRow motif) {
    Histogram positions = motif.positions();
    int bins = positions.counts().length;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 100 24\" preserveAspectRatio=\"none\"");
    svg.append(" aria-label=\"Seqlets along the rows, in bins of ");
    svg.append(Escape.number(positions.width())).append(" positions; most in one bin: ");
    svg.append(Escape.count(positions.highest())).append("\">");
    for (int bin = 0; bin < bins; bin++) {
      double height = 22.0 * positions.counts()[bin] / Math.max(1, positions.highest());
      svg.append("<rect class=\"bar\" x=\"").append(Escape.at(100.0 * bin / bins));
      svg.append("\" y=\"").append(Escape.at(24 - height)).append("\" width=\"");
      svg.append(Escape.at(90.0 / bins)).append("\" height=\"").append(Escape.at(height));
      svg.append("\"/>");
    }
    return svg.append("</svg>").toString();
  }

  private void rows() {
    section("rows", "Top rows");
    html.append("<p>The rows with the largest predictions.</p>");
    for (int i = 0; i < data.top().size(); i++) {
      html.append(RowView.html(data.top().get(i), i + 1, data.inputs().get(i)));
    }
    html.append("</section>");
  }

  private void rejected() {
    section("rejected", "Rejected rows");
    if (data.rejected().isEmpty()) {
      html.append("<p>None.</p></section>");
      return;
    }
    html.append("<table><caption>Rows that could not be scored, by reason</caption><thead><tr>");
    html.append("<th scope=\"col\">Reason</th><th scope=\"col\">Rows</th></tr></thead><tbody>");
    for (Map.Entry<String, Long> reason : data.rejected().entrySet()) {
      html.append("<tr><th scope=\"row\">").append(Escape.text(reason.getKey())).append("</th>");
      number(Escape.count(reason.getValue()));
      html.append("</tr>");
    }
    html.append("</tbody></table></section>");
  }
}
