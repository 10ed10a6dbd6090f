package org.deepliftspark.job.motif;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.scores.Tables;

/**
 * Matches the seqlets of a table with known motifs and counts: {@code matches} (one row per
 * seqlet), {@code counts} (one per motif), {@code positions} and {@code pairs}, all Parquet.
 */
public final class MotifJob {
  /** Folder under the scores where the tables go unless told otherwise. */
  public static final String FOLDER = "_deeplift/motifs";

  /** Motifs that the summary lists. */
  private static final int LISTED = 10;

  private static final String NUMBER = "motif_number";
  private static final double[] UNIFORM = {0.25, 0.25, 0.25, 0.25};

  private final SparkSession spark;
  private final String seqlets;
  private final MotifOptions options;
  private final List<Motif> motifs;
  private final MotifMatcher matcher;

  private MotifJob(SparkSession spark, String seqlets, MotifOptions options) {
    this.spark = spark;
    this.seqlets = seqlets;
    this.options = options;
    String text =
        new String(
            new HadoopFiles(JobSession.hadoop()).read(options.motifs()), StandardCharsets.UTF_8);
    MemeFile.Contents file = MemeFile.parse(text, options.motifs());
    double[] background = file.background() == null ? UNIFORM : file.background();
    for (double share : background) {
      if (share <= 0) {
        throw new InvalidInputException(
            "Invalid background frequencies in "
                + options.motifs()
                + ": expected each above 0, found "
                + Arrays.toString(background));
      }
    }
    this.motifs = file.motifs();
    this.matcher =
        new MotifMatcher(
            motifs.stream().map(motif -> new ScoringMatrix(motif, background)).toList());
  }

  /**
   * Writes the tables, in place of older ones.
   *
   * @param scores folder of the scores
   * @param seqlets what {@link SeqletJob} wrote; null for its folder under the scores
   * @param folder where to; null for {@link #FOLDER} under the scores
   */
  public static void run(
      SparkSession spark,
      String scores,
      String seqlets,
      MotifOptions options,
      String folder,
      PrintStream out)
      throws IOException {
    String from = seqlets == null ? scores + "/" + SeqletJob.FOLDER : seqlets;
    String output = folder == null ? scores + "/" + FOLDER : folder;
    if (!Tables.exists(from)) {
      throw new InvalidInputException(
          "Cannot read seqlets " + from + ": no such folder; run 'seqlets " + scores + "' first");
    }
    TableFacts facts = TableFacts.read(from);
    if (!facts.isOf(scores)) {
      throw new InvalidInputException(
          "Cannot match the seqlets "
              + from
              + ": "
              + scores
              + " was scored again after they were called; run 'seqlets "
              + scores
              + "' again");
    }
    TableFacts.requireReplaceable(output);
    new MotifJob(spark, from, options).write(scores, facts, output, out);
  }

  private void write(String scores, TableFacts facts, String output, PrintStream out)
      throws IOException {
    int[] widths = motifs.stream().mapToInt(Motif::width).toArray();
    Broadcast<MotifMatcher> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(matcher);
    Dataset<Row> table =
        Tables.read(spark, seqlets, "seqlets").selectExpr(SeqletTable.SCHEMA.fieldNames());
    Dataset<Row> tried =
        table
            .map(new MatchFunction(shared, widths), Encoders.row(MatchFunction.SCHEMA))
            .persist(StorageLevel.DISK_ONLY());
    try {
      Dataset<Row> matches = withQValues(tried);
      Dataset<Row> matched =
          matches.filter(col(NUMBER).isNotNull().and(col("q_value").leq(options.qValue())));
      Tables.replace(output(matches), output + "/matches");
      MotifCounts counts = new MotifCounts(spark, motifs, matched);
      Tables.replace(counts.motifs(), output + "/counts");
      Tables.replace(counts.positions(options.bin()), output + "/positions");
      Tables.replace(counts.pairs(facts.number("rows")), output + "/pairs");
      writeFacts(scores, facts, output);
      summarize(output, tried.count(), matched.count(), out);
    } finally {
      tried.unpersist();
      shared.destroy();
    }
  }

  /** Q-values of each motif's matches among all seqlets; 1 where there is no match. */
  private Dataset<Row> withQValues(Dataset<Row> tried) {
    Map<Integer, long[]> counts = new TreeMap<>();
    for (Row row :
        tried.filter(col(NUMBER).isNotNull()).groupBy(NUMBER, "bucket").count().collectAsList()) {
      counts.computeIfAbsent(row.getInt(0), motif -> new long[LogBuckets.COUNT])[row.getInt(1)] +=
          row.getLong(2);
    }
    long tests = tried.count();
    List<Row> qValues = new ArrayList<>();
    counts.forEach(
        (motif, ofMotif) -> {
          double[] byBucket = new QValues(ofMotif, tests).byBucket();
          for (int bucket = 0; bucket < ofMotif.length; bucket++) {
            if (ofMotif[bucket] > 0) {
              qValues.add(RowFactory.create(motif, bucket, byBucket[bucket]));
            }
          }
        });
    StructType schema =
        new StructType()
            .add(NUMBER, DataTypes.IntegerType)
            .add("bucket", DataTypes.IntegerType)
            .add("q", DataTypes.DoubleType);
    Dataset<Row> table = spark.createDataFrame(qValues, schema);
    return tried
        .join(broadcast(table), new String[] {NUMBER, "bucket"}, "left")
        .withColumn("q_value", coalesce(col("q"), lit(1.0)));
  }

  private Dataset<Row> output(Dataset<Row> matches) {
    return MotifCounts.named(spark, motifs, matches)
        .select(
            "id",
            "seqlet",
            "start",
            "end",
            "chrom",
            "chrom_start",
            "chrom_end",
            "strand",
            "attribution",
            "sequence",
            "motif",
            "motif_start",
            "motif_end",
            "motif_strand",
            "score",
            "match_p_value",
            "q_value")
        .withColumnRenamed("match_p_value", "p_value");
  }

  private void writeFacts(String scores, TableFacts seqletFacts, String output) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("target", seqletFacts.text("target"));
    facts.put("rows", seqletFacts.number("rows"));
    facts.put("seqlets", seqlets);
    facts.put("motifs", options.motifs());
    facts.put("q_value", options.qValue());
    facts.put("bin", options.bin());
    TableFacts.write(scores, output, facts);
  }

  private void summarize(String output, long all, long matched, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%,d of %,d seqlets match one of %,d motifs with q <= %s: %s%n",
        matched,
        all,
        motifs.size(),
        options.qValue(),
        output);
    for (Row row : spark.read().parquet(output + "/counts").limit(LISTED).collectAsList()) {
      out.printf(
          Locale.ROOT,
          "  %-16s %,9d seqlets in %,9d rows, mean attribution %8.3f  %s%n",
          row.<String>getAs("name"),
          row.<Long>getAs("seqlets"),
          row.<Long>getAs("rows"),
          row.<Double>getAs("mean_attribution"),
          row.<String>getAs("consensus"));
    }
  }
}
