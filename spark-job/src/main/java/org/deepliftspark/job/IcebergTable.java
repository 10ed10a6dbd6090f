package org.deepliftspark.job;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.Connectors;

/**
 * Scores as a table of Apache Iceberg. Spark makes such tables in a catalog only; this one is the
 * folder that the output lies in, so that the table is read by its path.
 */
final class IcebergTable extends LakeTable {
  /** Property of a table that names the run that made or replaced it. */
  private static final String RUN = "deeplift-run";

  private final String run;
  private final String name;

  /**
   * @param run id of the run
   */
  IcebergTable(
      SparkSession spark,
      ScoreTable table,
      JobOptions.Output options,
      String root,
      boolean there,
      String run) {
    super(spark, table, options, root, there);
    this.run = run;
    this.name = name(spark, root);
    if (options.rowsPerFile() > 0) {
      throw new InvalidInputException(
          "Invalid --rows-per-file: Iceberg cuts files by their size (the table's property"
              + " write.target-file-size-bytes); leave it out");
    }
  }

  private static String name(SparkSession spark, String root) {
    Path folder = new Path(root);
    String catalog = Connectors.icebergCatalog(spark, folder.getParent().toString());
    return catalog + ".`" + folder.getName().replace("`", "``") + "`";
  }

  /** Whether a run has made the table, or replaced it last. */
  static boolean isOf(SparkSession spark, String root, String run) {
    return spark.sql("SHOW TBLPROPERTIES " + name(spark, root)).collectAsList().stream()
        .anyMatch(row -> row.getString(0).equals(RUN) && row.getString(1).equals(run));
  }

  /** Iceberg has nothing by which to tell commits of another run. */
  @Override
  public void fence() {}

  @Override
  public void write(Dataset<Row> rows, int round) {
    Dataset<Row> complete = table.complete(rows);
    try {
      if (replaces()) {
        replace(complete);
        return;
      }
      if (!there && round == 0) {
        spark.sql("CREATE TABLE " + name + " (" + complete.schema().toDDL() + ")" + properties());
      }
      complete
          .writeTo(name)
          .option("compression-codec", codec())
          .option("snapshot-property.deeplift-run", run)
          .append();
    } catch (Exception e) { // some are checked, but not declared to Java
      if (e instanceof AnalysisException) {
        throw refused(e);
      }
      throw IcebergTable.<RuntimeException>unchecked(e);
    }
  }

  /** In one commit, other columns and folders included. */
  private void replace(Dataset<Row> rows) {
    String view = "deeplift_" + run.replace("-", "");
    rows.createOrReplaceTempView(view);
    try {
      spark.sql("REPLACE TABLE " + name + properties() + " AS SELECT * FROM " + view);
    } finally {
      spark.catalog().dropTempView(view);
    }
  }

  /** Rows go to their folders as they come: a shuffle by folder would move all scores once more. */
  private String properties() {
    String folders =
        options.partitionBy().stream()
            .map(column -> "`" + column.replace("`", "``") + "`")
            .collect(Collectors.joining(", "));
    return " USING "
        + OutputFormat.ICEBERG.key()
        + (folders.isEmpty() ? "" : " PARTITIONED BY (" + folders + ")")
        + " TBLPROPERTIES ('write.distribution-mode' = 'none', 'write.spark.fanout.enabled' = 'true',"
        + " 'write.parquet.compression-codec' = '"
        + codec()
        + "', '"
        + RUN
        + "' = '"
        + run
        + "')";
  }

  private String codec() {
    return options.compression().equals("none") ? "uncompressed" : options.compression();
  }

  /** What a task failed of goes on as it is. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> E unchecked(Exception e) throws E {
    throw (E) e;
  }

  @Override
  public Map<String, Object> notes() {
    return Map.of("format", OutputFormat.ICEBERG.key());
  }
}
