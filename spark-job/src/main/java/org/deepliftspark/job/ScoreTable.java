package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.RowCodec;

/** The scores as Parquet: how they are written, and what the files of a run hold. */
final class ScoreTable {
  /** Columns that are there if the output is partitioned by them. */
  static final String RUN_DATE = "run_date";

  static final String MODEL_SHA256 = "model_sha256";

  private final SparkSession spark;
  private final StructType scored;
  private final StructType schema;
  private final JobOptions.Output options;
  private final String modelHash;
  private final LocalDate date;

  /**
   * @param scored columns that scoring gives
   * @param date of the run
   * @throws InvalidInputException if a kept column has the name of another column, or a column to
   *     partition by is not there
   */
  ScoreTable(
      SparkSession spark,
      StructType scored,
      JobOptions.Output options,
      String modelHash,
      LocalDate date) {
    this.spark = spark;
    this.scored = scored;
    this.schema = withRunColumns(scored, options.partitionBy());
    this.options = options;
    this.modelHash = modelHash;
    this.date = date;
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

  /** Adds the columns that tell runs apart, where folders are made of them. */
  private static StructType withRunColumns(StructType scored, List<String> partitionBy) {
    StructType schema = scored;
    if (partitionBy.contains(RUN_DATE)) {
      schema = schema.add(RUN_DATE, DataTypes.DateType);
    }
    return partitionBy.contains(MODEL_SHA256)
        ? schema.add(MODEL_SHA256, DataTypes.StringType)
        : schema;
  }

  private void checkPartitionColumn(String name) {
    List<String> atomic =
        Arrays.stream(schema.fields())
            .filter(field -> !(field.dataType() instanceof ArrayType))
            .map(StructField::name)
            .toList();
    if (!atomic.contains(name)) {
      throw new InvalidInputException(
          "Invalid --partition-by "
              + name
              + ": expected one of "
              + String.join(", ", atomic)
              + ", "
              + RUN_DATE
              + ", "
              + MODEL_SHA256);
    }
  }

  /** Columns that scoring gives. */
  StructType scored() {
    return scored;
  }

  /**
   * Writes scores through Spark's committer: a reader sees whole files or none. Each task's files
   * show when the task commits, so that a job which is killed keeps what its tasks have finished. A
   * task that is repeated gives files of the same names and content.
   */
  void write(Dataset<Row> scores, String folder) {
    Dataset<Row> rows = scores;
    if (options.partitionBy().contains(RUN_DATE)) {
      rows = rows.withColumn(RUN_DATE, lit(Date.valueOf(date)));
    }
    if (options.partitionBy().contains(MODEL_SHA256)) {
      rows = rows.withColumn(MODEL_SHA256, lit(modelHash));
    }
    DataFrameWriter<Row> writer = writer(rows, 2).option("compression", options.compression());
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
    writer(rows, 1).parquet(folder);
  }

  /**
   * @param commit 1: files show when the job commits; 2: when their task does
   */
  private static DataFrameWriter<Row> writer(Dataset<Row> rows, int commit) {
    return rows.write()
        .mode(SaveMode.Append)
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false") // only part files
        .option("mapreduce.fileoutputcommitter.algorithm.version", commit);
  }

  private Dataset<Row> read(List<String> files, String root) {
    return spark
        .read()
        .schema(schema)
        .option("basePath", root)
        .parquet(files.toArray(new String[0]));
  }

  /**
   * What the output holds of this run's targets, {@code [id, target]}, or null if there is nothing.
   * No other column is read.
   *
   * @throws InvalidInputException if the output has other columns or folders than this run would
   *     write
   */
  Dataset<Row> scoredBefore(OutputFolder output, List<String> targets) {
    if (!options.mode().adds() || output.before().isEmpty()) {
      return null;
    }
    List<String> files = output.before();
    requireSameColumns(output.rootPath(), files);
    Column ours = col(RowCodec.TARGET).isin(targets.toArray());
    if (options.partitionBy().contains(MODEL_SHA256)) {
      ours = ours.and(col(MODEL_SHA256).equalTo(modelHash));
    }
    return read(files, output.rootPath())
        .filter(ours)
        .select(col(PreparedSchema.ID), col(RowCodec.TARGET));
  }

  private void requireSameColumns(String root, List<String> files) {
    StructType found =
        spark.read().option("basePath", root).parquet(files.toArray(new String[0])).schema();
    Set<String> there = new TreeSet<>(List.of(found.fieldNames()));
    Set<String> ours = new TreeSet<>(List.of(schema.fieldNames()));
    List<String> folders = folders(root, files.get(0));
    if (!there.equals(ours) || !folders.equals(options.partitionBy())) {
      throw new InvalidInputException(
          "Cannot add to "
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
    Column all = functions.array(targets.stream().map(functions::lit).toArray(Column[]::new));
    Column done = functions.coalesce(col(PreparedSchema.DONE), functions.array());
    Dataset<Row> wanted =
        valid.withColumn(RowCodec.TARGET, functions.explode(functions.array_except(all, done)));
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
