package org.deepliftspark.job.motif;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.Tables;

/**
 * Calls seqlets over a score table: one pass over the scores counts how large sums are, a second
 * calls. Which rows a task gets changes no number.
 */
public final class SeqletJob {
  /** Folder under the scores where seqlets go unless told otherwise. */
  public static final String FOLDER = "_deeplift/seqlets";

  private SeqletJob() {}

  /**
   * Writes the table of seqlets, in place of an older one.
   *
   * @param folder where to; null for {@link #FOLDER} under the scores
   * @return where it lies
   * @throws InvalidInputException if the scores are not those of sequences
   */
  public static String run(
      SparkSession spark, ScoreReader scores, SeqletOptions options, String folder, PrintStream out)
      throws IOException {
    if (options.longest() < options.shortest()) {
      throw new InvalidInputException(
          "Invalid --max-length "
              + options.longest()
              + ": smaller than --min-length "
              + options.shortest());
    }
    scores.require("sequence", "seqlets are stretches of DNA sequences");
    String output = folder == null ? scores.folder() + "/" + FOLDER : folder;
    TableFacts.requireReplaceable(output);
    Dataset<Row> rows = scores.rows(false).filter("sequence IS NOT NULL");
    SpanNull chance = count(rows, options);
    Broadcast<SpanNull> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(chance);
    Dataset<Row> seqlets =
        rows.flatMap(new SeqletFunction(shared, options), Encoders.row(SeqletTable.SCHEMA));
    Tables.replace(seqlets, output);
    shared.destroy();
    long scored = rows.count();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("target", scores.target());
    facts.put("rows", scored);
    facts.put("p_value", options.pValue());
    facts.put("min_length", options.shortest());
    facts.put("max_length", options.longest());
    facts.put("flank", options.flank());
    TableFacts.write(scores.folder(), output, facts);
    summarize(spark, output, scored, out);
    return output;
  }

  private static SpanNull count(Dataset<Row> rows, SeqletOptions options) {
    SpanSums sums = new SpanSums(options.shortest(), options.longest());
    Iterator<byte[]> parts =
        rows.mapPartitions(new SpanSumsFunction(options), Encoders.BINARY()).toLocalIterator();
    while (parts.hasNext()) {
      sums.add(parts.next());
    }
    return sums.nullDistribution();
  }

  private static void summarize(SparkSession spark, String output, long scored, PrintStream out) {
    Row row =
        Tables.read(spark, output, "seqlets")
            .selectExpr(
                "count(*)", "count_if(attribution >= 0)", "count(distinct id)", "avg(end - start)")
            .first();
    out.printf(
        Locale.ROOT,
        "%,d seqlets (%,d positive, %,d negative) in %,d of %,d rows, %.1f positions on average: %s%n",
        row.getLong(0),
        row.getLong(1),
        row.getLong(0) - row.getLong(1),
        row.getLong(2),
        scored,
        row.isNullAt(3) ? 0 : row.getDouble(3),
        output);
  }
}
