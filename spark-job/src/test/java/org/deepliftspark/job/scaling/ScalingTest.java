package org.deepliftspark.job.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingTest {
  private static final Point SMALL = new Point(60, 8, 2, 1, 3);

  private static String run(List<String> args) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Scaling.run(args, 4, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void pointsAreLinesThatMeasureTakes() throws Exception {
    List<String> lines = run(List.of("points")).lines().toList();
    assertThat(lines)
        .contains(
            "LENGTH 8000 64 20 1 0",
            "LENGTH 8000 64 20 4 0",
            "CHANNELS 1000 512 20 4 0",
            "REFERENCES 1000 64 50 4 0",
            "BATCH 250 64 1 4 32",
            "THREADS 1000 64 20 2 0")
        .doesNotHaveDuplicates();
    for (String line : lines) {
      List<String> fields = List.of(line.split(" "));
      assertThat(Point.parse(fields.subList(1, fields.size())).arguments())
          .isEqualTo(fields.subList(1, fields.size()));
    }
  }

  @Test
  void aPointIsMeasuredAndItsLineReadBack() throws Exception {
    List<String> args = new ArrayList<>(List.of("measure", "0.05", "BATCH"));
    args.addAll(SMALL.arguments());
    String line = run(args).strip();
    Measured found = Measured.parse(line);
    assertThat(found.line()).isEqualTo(line);
    assertThat(found.point()).isEqualTo(SMALL);
    assertThat(found.pairsPerSecond()).isGreaterThan(1);
    assertThat(found.gflops()).isGreaterThan(0);
    assertThat(found.peak()).isGreaterThan(found.gflops() / 10);
    assertThat(found.parameters()).isEqualTo(8 * 4 * 21 + 8 + 4 * (8 * 8 * 3 + 8) + 8);
  }

  /** Speed that halves where the length doubles, and 30 MB more per task. */
  private static List<Measured> halving() {
    List<Measured> all = new ArrayList<>();
    for (int threads : new int[] {1, 4}) {
      for (int length : new int[] {100, 200, 400}) {
        Point point = new Point(length, 64, 20, threads, 0);
        double rate = 1e5 * threads / length;
        all.add(
            new Measured(
                Sweep.LENGTH,
                point,
                rate,
                50 * threads,
                100 * threads,
                300 + 30 * (threads - 1),
                9));
      }
    }
    return all;
  }

  @Test
  void theReportStandsBetweenThePagesMarks(@TempDir Path folder) throws Exception {
    Path table = folder.resolve("table.tsv");
    Path page = folder.resolve("page.md");
    List<String> lines = new ArrayList<>(List.of(run(List.of("header")).strip()));
    halving().forEach(m -> lines.add(m.line()));
    Files.write(table, lines);
    Files.writeString(page, "before\n" + Scaling.BEGIN + "\nold\n" + Scaling.END + "\nafter\n");
    run(List.of("report", table.toString(), page.toString(), "On a machine."));
    assertThat(Files.readString(page))
        .startsWith("before\n" + Scaling.BEGIN + "\n\nOn a machine.\n\n### By bases of a sequence")
        .endsWith(Scaling.END + "\nafter\n")
        .doesNotContain("old")
        .contains("| 400 | 4 | 1000 | 0.50 | 390 | 30 |", "| 400 | 1 | 250.0 | 0.50 | 300 |  |")
        .contains("(page/length.svg)", "(page/length-efficiency.svg)", "(page/length-memory.svg)")
        .doesNotContain("channels of each layer");
    assertThat(Files.readString(folder.resolve("page/length.svg")))
        .contains("1 thread", "4 threads", ">1000<", ">400<");
  }

  @Test
  void aPageWithoutMarksIsRefused(@TempDir Path folder) throws Exception {
    Path table = folder.resolve("table.tsv");
    Path page = folder.resolve("page.md");
    Files.writeString(table, halving().get(0).line());
    Files.writeString(page, "nothing");
    assertThatThrownBy(() -> run(List.of("report", table.toString(), page.toString(), "")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            page
                + " has no lines '<!-- measured by scripts/scaling -->' and"
                + " '<!-- end of measured -->' to write between");
  }
}
