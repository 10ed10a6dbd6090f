package org.deepliftspark.job;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.io.HadoopFiles;

/**
 * Scores as a table of Delta Lake. Delta remembers the last version of an application ({@code
 * txnAppId}, {@code txnVersion}) and leaves out a commit that is not newer. The application is the
 * output, and every run takes versions above all that runs before it may use: a round that is added
 * twice is there once, and a run that was taken for dead can add nothing once the next has begun
 * ({@link #fence}).
 */
final class DeltaTable extends LakeTable {
  /** Versions that a run reserves; a run has fewer tasks than that. */
  private static final long RESERVED = 1_000_000;

  private static final String APPLICATION = "txn_app_id";
  private static final String LAST_VERSION = "txn_last_version";

  private final String run;
  private final String application;
  private final long firstVersion;

  /**
   * @param run id of the run
   * @param before what an earlier run left in the output, or null
   * @param now milliseconds since 1970; keeps apart runs that both take themselves for the next
   */
  DeltaTable(
      SparkSession spark,
      ScoreTable table,
      JobOptions.Output options,
      String root,
      boolean there,
      String run,
      RunRecord before,
      long now) {
    super(spark, table, options, root, there);
    this.run = run;
    Map<String, String> notes = before == null ? Map.of() : before.table();
    this.application = notes.getOrDefault(APPLICATION, "deeplift-spark-" + UUID.randomUUID());
    long last = Long.parseLong(notes.getOrDefault(LAST_VERSION, "0"));
    this.firstVersion = Math.max(last + 1, now * 1000);
  }

  /** What commits of a run say of themselves. */
  private static String nameOf(String run) {
    return "deeplift run " + run;
  }

  /** Whether a run has added to the table, as its log says. */
  static boolean hasCommitOf(HadoopFiles hadoop, String root, String run) {
    String log = HadoopFiles.literal(root) + "/_delta_log";
    String named = "\"userMetadata\":\"" + nameOf(run) + "\"";
    return hadoop.files(log).stream()
        .map(file -> file.getPath().toString())
        .filter(file -> file.endsWith(".json"))
        .anyMatch(file -> new String(hadoop.read(file), StandardCharsets.UTF_8).contains(named));
  }

  /** An empty commit with a version above all that earlier runs use. */
  @Override
  public void fence() {
    if (there && options.mode().adds()) {
      add(spark.createDataFrame(List.<Row>of(), load().schema()), firstVersion);
    }
  }

  @Override
  public void write(Dataset<Row> rows, int round) {
    add(table.complete(rows), firstVersion + 1 + round);
  }

  private void add(Dataset<Row> rows, long version) {
    DataFrameWriter<Row> writer =
        rows.write()
            .format(OutputFormat.DELTA.key())
            .mode(replaces() ? SaveMode.Overwrite : SaveMode.Append)
            .option("txnAppId", application)
            .option("txnVersion", version)
            .option("userMetadata", nameOf(run))
            .option("compression", options.compression());
    if (options.rowsPerFile() > 0) {
      writer = writer.option("maxRecordsPerFile", options.rowsPerFile());
    }
    if (!options.partitionBy().isEmpty()) {
      writer = writer.partitionBy(options.partitionBy().toArray(new String[0]));
    }
    if (replaces()) {
      writer = writer.option("overwriteSchema", "true").option("partitionOverwriteMode", "static");
    }
    try {
      writer.save(root);
    } catch (Exception e) { // AnalysisException is checked, but not declared to Java
      if (e instanceof AnalysisException) {
        throw refused(e);
      }
      throw e;
    }
  }

  @Override
  public Map<String, Object> notes() {
    Map<String, Object> notes = new LinkedHashMap<>();
    notes.put("format", OutputFormat.DELTA.key());
    notes.put(APPLICATION, application);
    notes.put(LAST_VERSION, firstVersion + RESERVED);
    return notes;
  }
}
