package org.deepliftspark.job.report;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.export.OutputFile;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;

/** Draws the logo of one row as SVG or PNG. */
public final class LogoJob {
  private static final double HEIGHT = 90;

  private LogoJob() {}

  /**
   * @param id of the row
   * @param start first position that is drawn, from 0; negative: the first of the row
   * @param end position after the last; negative: the end of the row
   * @param file name that ends in {@code .svg} or {@code .png}
   * @throws InvalidInputException if there is no such row or position, or the row is no sequence
   */
  public static void run(
      ScoreReader scores, String id, int start, int end, String file, PrintStream out)
      throws IOException {
    boolean png = file.toLowerCase(Locale.ROOT).endsWith(".png");
    if (!png && !file.toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw new InvalidInputException(
          "Invalid --output " + file + ": expected a name that ends in .svg or .png");
    }
    ScoreRow row = find(scores, id);
    int from = Math.max(0, start);
    int to = end < 0 ? row.length() : end;
    int most = png ? LogoPng.MOST_COLUMNS : Integer.MAX_VALUE;
    if (from >= to || to > row.length() || to - from > most) {
      throw new InvalidInputException(
          "Invalid --start "
              + (from + 1)
              + " and --end "
              + to
              + ": expected a part of the row's "
              + row.length()
              + " positions"
              + (png ? ", at most " + most + " for a .png" : ""));
    }
    Logo logo = Logo.of(row.sequence(), row.observed(), from, to);
    try (OutputFile target = OutputFile.create(file)) {
      if (png) {
        LogoPng.write(logo, from + 1, target.stream());
      } else {
        target.stream().write(svg(row, logo, from, to).getBytes(StandardCharsets.UTF_8));
      }
      target.commit();
    }
    out.printf(Locale.ROOT, "positions %d to %d of %s: %s%n", from + 1, to, id, file);
  }

  private static ScoreRow find(ScoreReader scores, String id) {
    List<Row> rows = scores.rows(false).filter(col("id").equalTo(id)).limit(1).collectAsList();
    if (rows.isEmpty()) {
      throw new InvalidInputException("No row " + id + " in " + scores.folder());
    }
    ScoreRow row = ScoreReader.decode(rows.get(0));
    if (!row.isSequence()) {
      throw new InvalidInputException("Cannot draw a logo of " + id + ": it is no sequence");
    }
    return row;
  }

  private static String svg(ScoreRow row, Logo logo, int from, int to) {
    String description =
        "Contributions of positions "
            + (from + 1)
            + " to "
            + to
            + ": "
            + row.sequence().substring(from, to);
    return LogoSvg.draw(
        logo,
        LogoSvg.Frame.of(logo, from + 1, HEIGHT),
        logo.columns(),
        row.id(),
        description,
        LogoSvg.STYLE);
  }
}
