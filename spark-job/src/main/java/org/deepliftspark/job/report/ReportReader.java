package org.deepliftspark.job.report;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.motif.MotifJob;
import org.deepliftspark.job.motif.TableFacts;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;
import org.deepliftspark.job.scores.Tables;

/** Takes from the tables of a run what its report shows, in a few passes of Spark. */
final class ReportReader {
  private static final int DELTA_BINS = 32;
  private static final int MOTIFS_SHOWN = 50;

  private final SparkSession spark;
  private final ScoreReader scores;
  private final ReportOptions options;

  ReportReader(SparkSession spark, ScoreReader scores, ReportOptions options) {
    this.spark = spark;
    this.scores = scores;
    this.options = options;
  }

  ReportData read() throws IOException {
    Dataset<Row> rows = scores.rows(false);
    Row range =
        rows.selectExpr(
                "min(prediction)",
                "max(prediction)",
                "min(prediction - reference_prediction)",
                "max(prediction - reference_prediction)",
                "min(IF(convergence_delta = 0, NULL, abs(convergence_delta)))",
                "max(abs(convergence_delta))",
                "count_if(convergence_delta = 0)",
                "count(convergence_delta)")
            .first();
    double[] x = range(range, 0);
    double[] y = range(range, 2);
    PositionSums.Total total = new PositionSums.Total();
    Iterator<Row> parts =
        rows.mapPartitions(
                new PositionSums(x[0], x[1], y[0], y[1]), Encoders.row(PositionSums.SCHEMA))
            .toLocalIterator();
    while (parts.hasNext()) {
      total.add(parts.next());
    }
    List<ScoreRow> top = top(rows);
    List<ReportData.MotifRow> motifs = new ArrayList<>();
    String note = readMotifs(total.length, motifs);
    return new ReportData(
        scores.folder(),
        scores.target(),
        facts(),
        rejected(),
        total.rows,
        deltas(rows, range),
        range.getLong(6),
        new ReportData.Masses(x[0], x[1], y[0], y[1], PositionSums.GRID, total.grid),
        total.means(total.sums),
        total.means(total.magnitudes),
        top,
        inputs(top),
        motifs,
        note);
  }

  private static double[] range(Row row, int at) {
    double low = row.isNullAt(at) ? 0 : row.getDouble(at);
    double high = row.isNullAt(at + 1) ? 1 : row.getDouble(at + 1);
    return new double[] {low, high > low ? high : low + 1};
  }

  private static Histogram deltas(Dataset<Row> rows, Row range) {
    if (range.getLong(7) == 0 || range.isNullAt(4)) {
      return null;
    }
    double low = Math.floor(Math.log10(range.getDouble(4)) * 2) / 2;
    double high = Math.log10(range.getDouble(5));
    double width = Math.max(0.125, Math.ceil((high - low) / DELTA_BINS * 8 + 1e-9) / 8);
    long[] counts = new long[(int) Math.max(1, Math.floor((high - low) / width) + 1)];
    rows.filter("convergence_delta <> 0")
        .selectExpr(
            "CAST(floor((log10(abs(convergence_delta)) - "
                + low
                + ") / "
                + width
                + ") AS INT) AS bin")
        .groupBy("bin")
        .count()
        .collectAsList()
        .forEach(
            row ->
                counts[Math.max(0, Math.min(counts.length - 1, row.getInt(0)))] += row.getLong(1));
    return new Histogram(low, width, counts);
  }

  private List<ScoreRow> top(Dataset<Row> rows) {
    return rows
        .orderBy(col("prediction").desc_nulls_last(), col("id"))
        .limit(options.top())
        .collectAsList()
        .stream()
        .map(ScoreReader::decode)
        .toList();
  }

  /** The images that the rows were scored on, where the table keeps them. */
  private List<float[]> inputs(List<ScoreRow> top) {
    List<float[]> inputs = new ArrayList<>();
    Map<String, Object> stored = new HashMap<>();
    if (options.imageColumn() != null) {
      scores.require(options.imageColumn(), "score with --keep-cols " + options.imageColumn());
      Column id = col("id");
      scores
          .table()
          .filter(id.isin(top.stream().map(ScoreRow::id).toArray()))
          .select(id, col(options.imageColumn()))
          .collectAsList()
          .forEach(row -> stored.put(row.getString(0), image(row)));
    }
    for (ScoreRow row : top) {
      inputs.add(ImageInput.grey(stored.get(row.id()), row.shape()));
    }
    return inputs;
  }

  private static Object image(Row row) {
    boolean array = row.schema().fields()[1].dataType() instanceof ArrayType;
    return array && !row.isNullAt(1) ? row.getList(1) : row.get(1);
  }

  private Map<String, String> facts() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Scores", scores.folder());
    facts.put("Target", scores.target());
    String file = scores.folder() + "/_deeplift/run.json";
    if (!Tables.exists(file)) {
      return facts;
    }
    JsonNode run =
        new ObjectMapper()
            .readTree(
                new String(
                    new HadoopFiles(JobSession.hadoop()).read(file), StandardCharsets.UTF_8));
    put(facts, "Model", run.path("model"));
    put(facts, "Model SHA-256", run.path("model_sha256"));
    put(facts, "Method", run.path("options").path("method"));
    put(facts, "References", run.path("references"));
    JsonNode counts = run.path("counts");
    put(facts, "Rows read", counts.path("read"));
    put(facts, "Rows scored", counts.path("scored"));
    put(facts, "Rows rejected", counts.path("rejected"));
    put(facts, "Equal rows left out", counts.path("equal_rows_left_out"));
    put(facts, "Finished", run.path("finished"));
    put(facts, "Seconds of scoring", run.path("scoring_seconds"));
    put(facts, "Backend", run.path("versions").path("backend"));
    put(facts, "Version", run.path("versions").path("deeplift_spark"));
    put(facts, "Spark", run.path("versions").path("spark"));
    return facts;
  }

  private static void put(Map<String, String> facts, String name, JsonNode node) {
    if (node.isIntegralNumber()) {
      facts.put(name, Escape.count(node.asLong()));
    } else if (node.isNumber()) {
      facts.put(name, Escape.number(node.asDouble()));
    } else if (!node.isMissingNode() && !node.isNull()) {
      facts.put(name, node.asText());
    }
  }

  private Map<String, Long> rejected() {
    Map<String, Long> rejected = new LinkedHashMap<>();
    String folder =
        options.rejected() != null ? options.rejected() : scores.folder() + "/_deeplift/rejected";
    if (Tables.exists(folder)) {
      Tables.read(spark, folder, "rejected rows")
          .groupBy("reason")
          .count()
          .orderBy(col("count").desc(), col("reason"))
          .collectAsList()
          .forEach(row -> rejected.put(String.valueOf(row.get(0)), row.getLong(1)));
    }
    return rejected;
  }

  /** Reads the motif tables; gives what there is to say about them. */
  private String readMotifs(int length, List<ReportData.MotifRow> into) throws IOException {
    String folder =
        options.motifs() != null ? options.motifs() : scores.folder() + "/" + MotifJob.FOLDER;
    if (!Tables.exists(folder)) {
      return "No motifs yet: run seqlets, then motifs, then report again.";
    }
    TableFacts facts = TableFacts.read(folder);
    if (!facts.isOf(scores.folder())) {
      return "The motifs are of earlier scores: run seqlets and motifs again.";
    }
    if (!facts.text("target").equals(scores.target())) {
      return "The motifs are of target " + facts.text("target") + ".";
    }
    Map<String, long[]> positions = positions(folder, (int) facts.number("bin"), length);
    for (Row row :
        Tables.read(spark, folder + "/counts", "motifs")
            .orderBy(col("seqlets").desc(), col("motif"))
            .limit(MOTIFS_SHOWN)
            .collectAsList()) {
      String id = row.getAs("motif");
      into.add(
          new ReportData.MotifRow(
              id,
              row.getAs("name"),
              row.<Long>getAs("seqlets"),
              row.<Long>getAs("positive"),
              row.<Long>getAs("rows"),
              row.<Double>getAs("mean_attribution"),
              floats(row.getList(row.fieldIndex("contributions"))),
              floats(row.getList(row.fieldIndex("probabilities"))),
              new Histogram(0, facts.number("bin"), positions.getOrDefault(id, new long[1]))));
    }
    return "Seqlets whose match with a motif of "
        + new Path(facts.text("motifs")).getName()
        + " has a q-value of at most "
        + facts.text("q_value")
        + ".";
  }

  private Map<String, long[]> positions(String folder, int bin, int length) {
    Map<String, long[]> positions = new HashMap<>();
    List<Row> rows = Tables.read(spark, folder + "/positions", "positions").collectAsList();
    long last =
        rows.stream().mapToLong(row -> row.<Number>getAs("start").longValue()).max().orElse(0);
    int bins = (int) (Math.max(last + 1, length) + bin - 1) / bin;
    for (Row row : rows) {
      long[] counts = positions.computeIfAbsent(row.getAs("motif"), motif -> new long[bins]);
      counts[(int) (row.<Number>getAs("start").longValue() / bin)] = row.<Long>getAs("seqlets");
    }
    return positions;
  }

  private static float[] floats(List<Float> list) {
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i);
    }
    return numbers;
  }
}
