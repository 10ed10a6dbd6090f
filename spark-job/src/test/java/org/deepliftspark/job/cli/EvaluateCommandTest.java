package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.job.SparkHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Measures methods on sequences of the demo, whose motifs are known. */
@ExtendWith(SparkHarness.class)
class EvaluateCommandTest {
  private static final Path DEMO = Path.of("src/main/resources/demo");
  private static final int ROWS = 6;

  @TempDir private Path folder;
  private String input;

  /** Sequences that hold both motifs, as a table with the places of these. */
  @BeforeEach
  void writeInput() throws IOException {
    StringBuilder csv = new StringBuilder("id,sequence,sites\n");
    List<String> lines = Files.readAllLines(DEMO.resolve("sequences.fa"));
    int rows = 0;
    for (int i = 0; rows < ROWS; i += 2) {
      String[] head = lines.get(i).substring(1).split(" ", 2);
      if (head.length > 1 && head[1].contains("GATA1") && head[1].contains("TAL1")) {
        csv.append(head[0]).append(',').append(lines.get(i + 1)).append(',').append(head[1]);
        csv.append('\n');
        rows++;
      }
    }
    csv.append("short,ACGT,\n");
    input = Files.writeString(folder.resolve("rows.csv"), csv).toString();
  }

  private CommandRun evaluate(String output, String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--model"));
    args.addAll(List.of(DEMO.resolve("talgata.keras").toString(), "--input", input));
    args.addAll(List.of("--id-col", "id", "--target", "0", "--subsets", "20"));
    args.addAll(List.of("--output", folder.resolve(output).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  private Map<String, Double> means(SparkSession spark, String output, String metric) {
    Map<String, List<Double>> values = new TreeMap<>();
    for (Row row : rows(spark, output)) {
      if (row.getAs("metric").equals(metric)) {
        values.computeIfAbsent(row.getAs("method"), m -> new ArrayList<>()).add(row.getAs("value"));
      }
    }
    return values.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> e.getValue().stream().mapToDouble(v -> v).average().orElseThrow()));
  }

  private List<Row> rows(SparkSession spark, String output) {
    return spark.read().parquet(folder.resolve(output).toString()).collectAsList();
  }

  @Test
  void measuresEveryMethodOnEveryRow(SparkSession spark) throws IOException {
    CommandRun run =
        evaluate(
            "out",
            "--methods",
            "rescale,gradient",
            "--references",
            "dinuc-shuffle:2",
            "--sites-col",
            "sites",
            "--metrics",
            "sensitivity-n,infidelity,completeness,flip,deletion,insertion,motif-auroc,missed-motifs");
    assertThat(run.message()).isNull();
    assertThat(run.out()).contains("sensitivity-n (mean over rows", "1 rows refused");
    List<Row> rows = rows(spark, "out");
    assertThat(rows).extracting(row -> row.getAs("id")).doesNotContain("short");
    assertThat(rows.stream().map(row -> row.<String>getAs("id")).distinct()).hasSize(ROWS);
    // places: eight sizes, twenty-one shares twice, and five measures of one number
    assertThat(rows).hasSize(ROWS * 2 * (8 + 2 * 21 + 5));
    assertThat(means(spark, "out", "completeness").get("rescale")).isLessThan(1e-5);
    assertThat(means(spark, "out", "completeness").get("gradient")).isGreaterThan(1e-2);
    assertThat(means(spark, "out", "motif-auroc").get("rescale")).isGreaterThan(.7);
    assertThat(means(spark, "out", "missed-motifs").get("rescale")).isLessThan(.2);
    assertThat(means(spark, "out", "flip").get("rescale")).isGreaterThan(0);
    for (String metric : List.of("sensitivity-n", "flip", "motif-auroc")) {
      assertThat(Files.readString(folder.resolve("out/_deeplift/" + metric + ".svg")))
          .startsWith("<svg")
          .contains(">rescale<", ">gradient<");
    }
  }

  /** Both curves join the prediction at the row and that at the baseline. */
  @Test
  void curvesGoFromTheRowToTheBaselineAndBack(SparkSession spark) {
    assertThat(
            evaluate(
                    "out",
                    "--methods",
                    "gradient",
                    "--references",
                    "zeros",
                    "--metrics",
                    "deletion,insertion")
                .message())
        .isNull();
    Map<String, Double> at =
        rows(spark, "out").stream()
            .collect(
                Collectors.toMap(
                    row -> row.getAs("metric") + " " + row.getAs("id") + " " + row.getAs("place"),
                    row -> row.<Double>getAs("value")));
    for (Row row : rows(spark, "out")) {
      String id = row.getAs("id");
      assertThat(at.get("deletion " + id + " 0.0"))
          .isCloseTo(at.get("insertion " + id + " 1.0"), within(1e-5));
      assertThat(at.get("deletion " + id + " 1.0"))
          .isCloseTo(at.get("insertion " + id + " 0.0"), within(1e-5));
    }
  }

  /** Scores of a run are measured as the method that gave them. */
  @Test
  void scoresThatAreThereAreMeasuredAsTheirMethod(SparkSession spark) {
    CommandRun scored =
        CommandRun.of(
            "score",
            "--model",
            DEMO.resolve("talgata.keras").toString(),
            "--input",
            input,
            "--id-col",
            "id",
            "--target",
            "0",
            "--target",
            "1",
            "--references",
            "zeros",
            "--max-rejected-fraction",
            "1",
            "--output",
            folder.resolve("scores").toString());
    assertThat(scored.message()).isNull();
    input = folder.resolve("scores").toString();
    CommandRun run =
        evaluate(
            "out",
            "--methods",
            "rescale",
            "--references",
            "zeros",
            "--contributions-col",
            "contributions",
            "--metrics",
            "infidelity,flip");
    assertThat(run.message()).isNull();
    for (String metric : List.of("infidelity", "flip")) {
      Map<String, Double> means = means(spark, "out", metric);
      assertThat(means.get("given")).isCloseTo(means.get("rescale"), within(1e-4));
    }
  }

  /** Each target of a row is measured as if it were alone, and its scores as its own. */
  @Test
  void severalTargetsAreMeasuredSideBySide(SparkSession spark) throws IOException {
    String[] options = {
      "--references", "zeros", "--methods", "gradient", "--metrics", "infidelity"
    };
    assertThat(evaluate("one", options).message()).isNull();
    List<String> both = new ArrayList<>(List.of("--target", "2"));
    both.addAll(List.of(options));
    CommandRun run = evaluate("two", both.toArray(String[]::new));
    assertThat(run.message()).isNull();
    assertThat(run.out()).contains("gradient of 0 ", "gradient of 2 ");
    assertThat(Files.readString(folder.resolve("two/_deeplift/infidelity.svg")))
        .contains(">gradient of 0<", ">gradient of 2<");
    Map<String, Double> alone = values(spark, "one");
    Map<String, Double> beside = values(spark, "two");
    assertThat(beside).hasSize(2 * ROWS).hasSize(2 * alone.size());
    alone.forEach((key, value) -> assertThat(beside.get(key)).isCloseTo(value, within(1e-5)));
  }

  private Map<String, Double> values(SparkSession spark, String output) {
    return rows(spark, output).stream()
        .collect(
            Collectors.toMap(
                row -> row.getAs("id") + " " + row.getAs("target"),
                row -> row.<Double>getAs("value")));
  }

  /**
   * Images as arrays: positions are pixels, and the flip of two classes is a change of log-odds.
   */
  @Test
  void imagesAreMeasuredByPixels(SparkSession spark) throws IOException {
    Path data = Path.of("../scripts/experiments/data");
    NpyArray digits = Npy.read(data.resolve("digits.npy"));
    int size = 14 * 14;
    float[] first = Arrays.copyOf(digits.numbers().floats(), 3 * size);
    for (int i = 0; i < first.length; i++) {
      first[i] /= 255;
    }
    Path images = folder.resolve("digits.npy");
    Npy.write(images, first, 3, 14, 14, 1);
    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--model",
            data.resolve("cnn-relu.keras").toString(),
            "--input",
            images.toString(),
            "--target",
            "8-3",
            "--methods",
            "rescale,occlusion:1",
            "--metrics",
            "sensitivity-n,completeness,flip",
            "--subsets",
            "30",
            "--output",
            folder.resolve("pixels").toString());
    assertThat(run.message()).isNull();
    List<Row> rows = rows(spark, "pixels");
    assertThat(rows.stream().map(row -> row.<String>getAs("id")).distinct()).hasSize(3);
    assertThat(means(spark, "pixels", "completeness").get("rescale")).isLessThan(1e-5);
    assertThat(means(spark, "pixels", "flip").get("rescale")).isGreaterThan(0);
    // taking away a single pixel is what occlusion of one pixel does
    for (Row row : rows) {
      if (row.getAs("method").equals("occlusion:1")
          && row.getAs("metric").equals("sensitivity-n")
          && row.<Double>getAs("place") == 1) {
        assertThat(row.<Double>getAs("value")).isCloseTo(1, within(1e-4));
      }
    }
    assertThat(rows.stream().filter(row -> row.getAs("metric").equals("sensitivity-n")))
        .extracting(row -> row.<Double>getAs("place"))
        .contains(1.0, 157.0);
  }

  @Test
  void whatCannotBeMeasuredIsRefusedInOneLine() {
    assertThat(evaluate("out", "--metrics", "speed").message())
        .isEqualTo(
            "deeplift: Invalid value 'speed' for --metrics: expected some of sensitivity-n,"
                + " infidelity, completeness, flip, deletion, insertion, motif-auroc,"
                + " missed-motifs");
    assertThat(evaluate("out", "--metrics", "motif-auroc").message())
        .isEqualTo("deeplift: Invalid --metrics: motif-auroc and missed-motifs need --sites-col");
    assertThat(evaluate("out", "--baseline", "dinuc-shuffle:2").message())
        .isEqualTo(
            "deeplift: Invalid value 'dinuc-shuffle:2' for --baseline: expected zeros or"
                + " background:A,C,G,T");
    assertThat(evaluate("rows.csv").message()).endsWith("it is there already; name a new folder");
  }
}
