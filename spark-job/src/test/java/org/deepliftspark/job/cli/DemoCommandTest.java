package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.SparkHarness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkHarness.class)
class DemoCommandTest {
  private static final Pattern SITE = Pattern.compile("  site \\d+-\\d+, score \\d\\.\\d\\d: (.*)");

  /** The query that docs/reading-scores.md shows. */
  private static final Pattern DOCUMENTED_QUERY =
      Pattern.compile("<!-- spark -->\n```sql\n(.*?)```", Pattern.DOTALL);

  /** The view with a row per position that it shows. */
  private static final Pattern DOCUMENTED_VIEW =
      Pattern.compile("<!-- spark view -->\n```sql\n(.*?)```", Pattern.DOTALL);

  @TempDir static Path folder;

  private static String printed;

  @BeforeAll
  static void runOnce(SparkSession spark) throws IOException {
    printed = demo(output());
  }

  private static Path output() {
    return folder.resolve("once/demo-output");
  }

  private static String demo(Path output) throws IOException {
    OptionValues values = Options.parse(CommandName.DEMO, List.of("--output=" + output));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    new DemoCommand().run(values, new Console(stream, stream));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theScoresPointAtThePlantedMotifs(SparkSession spark) throws Exception {
    DemoReport report = DemoRun.report(spark, output().toString());
    assertThat(report.planted()).isGreaterThan(300);
    assertThat((double) report.hit() / report.planted()).isGreaterThan(0.9);
    assertThat(printed)
        .contains("rows scored")
        .contains("seq1: prediction ")
        .contains("seq2: prediction ")
        .contains("GATA1=====")
        .contains("TAL1========")
        .contains("100 sequences hold both motifs");
    List<String> sites = SITE.matcher(printed).results().map(site -> site.group(1)).toList();
    assertThat(sites).hasSize(6).allMatch(site -> site.startsWith("hits "));
    assertThat(sites).anyMatch(site -> site.startsWith("hits GATA1"));
    assertThat(sites).anyMatch(site -> site.startsWith("hits TAL1"));
  }

  @Test
  void replacesAnEarlierDemoAndLeavesNothingBeside(SparkSession spark) throws Exception {
    demo(output());

    assertThat(spark.read().parquet(output().toString()).count()).isEqualTo(400);
    try (Stream<Path> files = Files.list(output().getParent())) {
      assertThat(files.map(path -> path.getFileName().toString())).containsExactly("demo-output");
    }
  }

  @Test
  void doesNotReplaceWhatIsNotItsOwn() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("thesis.txt"), "mine");

    assertThatThrownBy(() -> demo(taken))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot write to "
                + taken
                + ": it holds files that are not of this program (no _deeplift in it)."
                + " Use another --output");
    assertThat(taken.resolve("thesis.txt")).hasContent("mine");
  }

  @Test
  void theDocumentedQueryFindsTheStrongestBases(SparkSession spark) throws Exception {
    Matcher query =
        DOCUMENTED_QUERY.matcher(Files.readString(Path.of("../docs/reading-scores.md")));
    assertThat(query.find()).isTrue();

    List<Row> rows =
        spark.sql(query.group(1).replace("demo-output", output().toString())).collectAsList();

    assertThat(rows).isNotEmpty();
    Row best = rows.get(0);
    Row scores =
        spark
            .read()
            .parquet(output().toString())
            .filter("id = '" + best.getString(0) + "'")
            .first();
    int position = best.getInt(2);
    assertThat(best.getString(3))
        .isEqualTo(String.valueOf(scores.<String>getAs("sequence").charAt(position)));
    assertThat(best.getFloat(4))
        .isEqualTo(scores.<Float>getList(scores.fieldIndex("contributions")).get(position))
        .isGreaterThan(0.3f);
  }

  @Test
  void theDocumentedViewHasARowPerPosition(SparkSession spark) throws Exception {
    Matcher view = DOCUMENTED_VIEW.matcher(Files.readString(Path.of("../docs/reading-scores.md")));
    assertThat(view.find()).isTrue();

    spark.sql(view.group(1).replace("demo-output", output().toString()));

    assertThat(spark.table("positions").count()).isEqualTo(400 * 200);
    Row row = spark.sql("SELECT * FROM positions WHERE id = 'seq1' AND position = 7").first();
    Row scores = spark.read().parquet(output().toString()).filter("id = 'seq1'").first();
    assertThat(row.<String>getAs("base"))
        .isEqualTo(String.valueOf(scores.<String>getAs("sequence").charAt(7)));
    assertThat(row.<Float>getAs("contribution"))
        .isEqualTo(scores.<Float>getList(scores.fieldIndex("contributions")).get(7));
  }

  @Test
  void thePlantedMotifsAreTheFirstOfTheReport(SparkSession spark) throws Exception {
    List<String> motifs =
        spark
            .read()
            .parquet(output() + "/_deeplift/motifs/counts")
            .orderBy(org.apache.spark.sql.functions.col("seqlets").desc())
            .limit(2)
            .collectAsList()
            .stream()
            .map(row -> row.<String>getAs("motif"))
            .toList();
    assertThat(motifs).containsExactlyInAnyOrder("GATA1", "TAL1");
    assertThat(printed).contains("report: " + output() + "/_deeplift/report.html");
    assertThat(Files.readString(output().resolve("_deeplift/report.html"))).contains("TAL1");
  }
}
