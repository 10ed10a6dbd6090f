package org.deepliftspark.job.scaling;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;

/**
 * What {@code scripts/scaling} starts.
 *
 * <ul>
 *   <li>{@code points}: prints a line per point, as {@code measure} takes it
 *   <li>{@code measure SECONDS SWEEP LENGTH CHANNELS REFERENCES THREADS BATCH}: measures one point
 *       and prints a line of the table
 *   <li>{@code header}: prints the table's first line
 *   <li>{@code report TABLE PAGE CONDITIONS}: draws the table's charts into a folder beside the
 *       page that is called like it, and puts tables and charts between the page's marks
 * </ul>
 */
public final class Scaling {
  static final String BEGIN = "<!-- measured by scripts/scaling -->";
  static final String END = "<!-- end of measured -->";

  private Scaling() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    run(List.of(args), Runtime.getRuntime().availableProcessors(), System.out);
  }

  static void run(List<String> args, int processors, PrintStream out)
      throws IOException, InterruptedException {
    switch (args.get(0)) {
      case "points" -> {
        for (Sweep sweep : Sweep.values()) {
          for (Point point : sweep.points(processors)) {
            out.println(sweep + " " + String.join(" ", point.arguments()));
          }
        }
      }
      case "header" -> out.println(Measured.HEADER);
      case "measure" ->
          out.println(
              Measurement.of(
                      Sweep.of(args.get(2)),
                      Point.parse(args.subList(3, args.size())),
                      Double.parseDouble(args.get(1)))
                  .line());
      case "report" -> report(Path.of(args.get(1)), Path.of(args.get(2)), args.get(3));
      default -> throw new InvalidInputException("Unknown task '" + args.get(0) + "'");
    }
  }

  /**
   * @param conditions under which it was measured, a paragraph
   */
  private static void report(Path table, Path page, String conditions) throws IOException {
    List<Measured> measured =
        Files.readAllLines(table).stream()
            .filter(line -> !line.isBlank() && !line.equals(Measured.HEADER))
            .map(Measured::parse)
            .toList();
    String name = page.getFileName().toString().replaceFirst("\\.md$", "");
    Path folder = page.resolveSibling(name);
    Files.createDirectories(folder);
    ScalingReport report = new ScalingReport(measured);
    for (Map.Entry<String, String> chart : report.charts().entrySet()) {
      Files.writeString(folder.resolve(chart.getKey()), chart.getValue());
    }
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new InvalidInputException(
          page + " has no lines '" + BEGIN + "' and '" + END + "' to write between");
    }
    Files.writeString(
        page,
        text.substring(0, begin + BEGIN.length())
            + "\n\n"
            + conditions
            + "\n\n"
            + report.markdown(name)
            + text.substring(end));
  }
}
