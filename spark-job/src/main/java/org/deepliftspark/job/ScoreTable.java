package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.RowCodec;

/** The scores as Parquet: how they are written, and what the files of a run hold. */
final class ScoreTable {
  private final SparkSession spark;
  private final StructType schema;
  private final JobOptions.Output options;

  /**
   * @throws InvalidInputException if a kept column has the name of another column, or a column to
   *     partition by is not there
   */
  ScoreTable(SparkSession spark, StructType schema, JobOptions.Output options) {
    this.spark = spark;
    this.schema = schema;
    this.options = options;
    Set<String> names = new TreeSet<>();
    for (StructField field : schema.fields()) {
      if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
        throw new InvalidInputException(
            "Invalid --keep-cols "
                + field.name()
                + ": the output has a column of that name; rename it in the input");
      }
    }
    options.partitionBy().forEach(this::checkPartitionColumn);
  }

  private void checkPartitionColumn(String name) {
    List<String> atomic =
        Arrays.stream(schema.fields())
            .filter(field -> !(field.dataType() instanceof ArrayType))
            .map(StructField::name)
            .toList();
    if (!atomic.contains(name)) {
      throw new InvalidInputException(
          "Invalid --partition-by " + name + ": expected one of " + String.join(", ", atomic));
    }
  }

  StructType schema() {
    return schema;
  }

  /** Writes scores through Spark's committer: a reader sees whole files or none. */
  void write(Dataset<Row> scores, String folder) {
    DataFrameWriter<Row> writer = writer(scores).option("compression", options.compression());
    if (options.rowsPerFile() > 0) {
      writer = writer.option("maxRecordsPerFile", options.rowsPerFile());
    }
    if (!options.partitionBy().isEmpty()) {
      writer = writer.partitionBy(options.partitionBy().toArray(new String[0]));
    }
    writer.parquet(folder);
  }

  /** Writes rows that are not scores. */
  static void writeAside(Dataset<Row> rows, String folder) {
    writer(rows).parquet(folder);
  }

  private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
    return rows.write()
        .mode(SaveMode.Append)
        // Nothing but part files may lie in the folder, and a task's files must not show before the
        // job commits.
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .option("mapreduce.fileoutputcommitter.algorithm.version", "1");
  }

  private Dataset<Row> read(List<String> files, String root) {
    return spark
        .read()
        .schema(schema)
        .option("basePath", root)
        .parquet(files.toArray(new String[0]));
  }

  /**
   * Ids that an append finds in the output, or null if there is nothing to find.
   *
   * @throws InvalidInputException if the output has other columns or folders than this run would
   *     write
   */
  Dataset<Row> existingIds(OutputFolder output, List<String> targets) {
    if (options.mode() != OutputMode.APPEND || output.before().isEmpty()) {
      return null;
    }
    List<String> files = output.before();
    requireSameColumns(output.rootPath(), files);
    return read(files, output.rootPath())
        .filter(col(RowCodec.TARGET).isin(targets.toArray()))
        .select(PreparedSchema.ID)
        .distinct();
  }

  private void requireSameColumns(String root, List<String> files) {
    StructType found =
        spark.read().option("basePath", root).parquet(files.toArray(new String[0])).schema();
    Set<String> there = new TreeSet<>(List.of(found.fieldNames()));
    Set<String> ours = new TreeSet<>(List.of(schema.fieldNames()));
    List<String> folders = folders(root, files.get(0));
    if (!there.equals(ours) || !folders.equals(options.partitionBy())) {
      throw new InvalidInputException(
          "Cannot append to "
              + options.folder()
              + ": it has columns "
              + String.join(", ", found.fieldNames())
              + (folders.isEmpty() ? "" : " in folders by " + String.join(", ", folders))
              + "; this run would write "
              + String.join(", ", schema.fieldNames()));
    }
  }

  /** Columns that the folders between root and file stand for. */
  private static List<String> folders(String root, String file) {
    List<String> columns = new ArrayList<>();
    for (String part : file.substring(root.length()).split("/")) {
      if (part.contains("=")) {
        columns.add(part.substring(0, part.indexOf('=')));
      }
    }
    return columns;
  }

  /**
   * What the files of a run hold.
   *
   * @param rows output rows
   * @param aboveMaxDelta rows that are marked
   */
  record Summary(long rows, RunReport.DeltaQuantiles delta, long aboveMaxDelta) {
    static final Summary EMPTY = new Summary(0, RunReport.DeltaQuantiles.NONE, 0);
  }

  Summary summarize(List<String> files, String root) {
    if (files.isEmpty()) {
      return Summary.EMPTY;
    }
    String delta = "abs(" + RowCodec.CONVERGENCE_DELTA + ")";
    boolean marked = List.of(schema.fieldNames()).contains(RowCodec.ABOVE_MAX_DELTA);
    Row row =
        read(files, root)
            .agg(
                count(lit(1)),
                max(expr(delta)),
                expr("percentile_approx(" + delta + ", array(0.5D, 0.9D, 0.99D), 1000)"),
                expr(marked ? "count_if(" + RowCodec.ABOVE_MAX_DELTA + ")" : "0L"))
            .first();
    if (row.getLong(0) == 0) {
      return Summary.EMPTY;
    }
    List<Double> quantiles = row.getList(2);
    return new Summary(
        row.getLong(0),
        new RunReport.DeltaQuantiles(
            quantiles.get(0), quantiles.get(1), quantiles.get(2), row.getDouble(1)),
        row.getLong(3));
  }

  /** Rows, with the column {@code target}, for which the files hold no output row. */
  Dataset<Row> missing(Dataset<Row> valid, List<String> targets, List<String> files, String root) {
    Dataset<Row> wanted =
        valid.crossJoin(spark.createDataset(targets, Encoders.STRING()).toDF(RowCodec.TARGET));
    if (files.isEmpty()) {
      return wanted;
    }
    Dataset<Row> written =
        read(files, root)
            .select(col(PreparedSchema.ID).as("w_id"), col(RowCodec.TARGET).as("w_target"));
    return wanted.join(
        written,
        wanted
            .col(PreparedSchema.ID)
            .equalTo(written.col("w_id"))
            .and(wanted.col(RowCodec.TARGET).equalTo(written.col("w_target"))),
        "left_anti");
  }
}
