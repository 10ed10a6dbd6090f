package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.sql.Date;
import java.time.LocalDate;
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
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.RowCodec;

/** The columns of scores, and what tables of them hold. */
final class ScoreTable {
  /** Columns that are there if the output is partitioned by them. */
  static final String RUN_DATE = "run_date";

  static final String MODEL_SHA256 = "model_sha256";

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
  ScoreTable(StructType scored, JobOptions.Output options, String modelHash, LocalDate date) {
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
            .filter(field -> ScoreTable.namesFolders(field.dataType()))
            .map(StructField::name)
            .toList();
    if (options.partitionBy().indexOf(name) != options.partitionBy().lastIndexOf(name)) {
      throw new InvalidInputException("Invalid --partition-by " + name + ": it is given twice");
    }
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

  /** Whether a value can be the name of a folder. */
  private static boolean namesFolders(DataType type) {
    return !(type instanceof ArrayType
        || type instanceof MapType
        || type instanceof StructType
        || type instanceof BinaryType);
  }

  /** Columns that scoring gives. */
  StructType scored() {
    return scored;
  }

  /** All columns, in their order. */
  StructType schema() {
    return schema;
  }

  /** Scores with the columns that tell runs apart. */
  Dataset<Row> complete(Dataset<Row> scores) {
    Dataset<Row> rows = scores;
    if (options.partitionBy().contains(RUN_DATE)) {
      rows = rows.withColumn(RUN_DATE, lit(Date.valueOf(date)));
    }
    if (options.partitionBy().contains(MODEL_SHA256)) {
      rows = rows.withColumn(MODEL_SHA256, lit(modelHash));
    }
    return rows;
  }

  /** Writes rows that are not scores. */
  static void writeAside(Dataset<Row> rows, String folder) {
    writer(rows, 1).parquet(folder);
  }

  /**
   * @param commit 1: files show when the job commits; 2: when their task does
   */
  static DataFrameWriter<Row> writer(Dataset<Row> rows, int commit) {
    return rows.write()
        .mode(SaveMode.Append)
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false") // only part files
        .option("mapreduce.fileoutputcommitter.algorithm.version", commit);
  }

  /**
   * What the output holds of this run's targets, {@code [id, target]}, or null if there is nothing.
   * No other column is read.
   *
   * @throws InvalidInputException if the output has other columns or folders than this run would
   *     write
   */
  Dataset<Row> scoredBefore(ScoreStore store, List<String> targets) {
    if (!options.mode().adds() || !store.isThere()) {
      return null;
    }
    return ours(store.before(), targets).select(col(PreparedSchema.ID), col(RowCodec.TARGET));
  }

  /** The rows of these targets, and of this model where rows say their model. */
  private Dataset<Row> ours(Dataset<Row> rows, List<String> targets) {
    Column ours = col(RowCodec.TARGET).isin(targets.toArray());
    if (options.partitionBy().contains(MODEL_SHA256)) {
      ours = ours.and(col(MODEL_SHA256).equalTo(modelHash));
    }
    return rows.filter(ours);
  }

  /**
   * Of all rows that a table holds, those that scoring gave of some prepared rows.
   *
   * @param valid prepared rows, whose targets that were done before do not count
   */
  Dataset<Row> of(Dataset<Row> valid, Dataset<Row> all, List<String> targets) {
    Dataset<Row> asked =
        valid.select(
            col(PreparedSchema.ID).as("asked_id"), col(PreparedSchema.DONE).as("asked_done"));
    Dataset<Row> rows = ours(all, targets);
    Column before = functions.expr("array_contains(asked_done, " + RowCodec.TARGET + ")");
    return rows.join(asked, rows.col(PreparedSchema.ID).equalTo(asked.col("asked_id")))
        .filter(functions.not(functions.coalesce(before, lit(false))))
        .drop("asked_id", "asked_done");
  }

  /**
   * Refuses to add to a table that looks otherwise.
   *
   * @param found its columns
   * @param folders columns that its folders stand for
   * @throws InvalidInputException if this run would write other columns or folders
   */
  void requireSameColumns(StructType found, List<String> folders) {
    Set<String> there = new TreeSet<>(List.of(found.fieldNames()));
    Set<String> ours = new TreeSet<>(List.of(schema.fieldNames()));
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

  /**
   * What a run wrote.
   *
   * @param rows output rows
   * @param aboveMaxDelta rows that are marked
   */
  record Summary(long rows, RunReport.DeltaQuantiles delta, long aboveMaxDelta) {
    static final Summary EMPTY = new Summary(0, RunReport.DeltaQuantiles.NONE, 0);
  }

  Summary summarize(Dataset<Row> written) {
    String delta = "abs(" + RowCodec.CONVERGENCE_DELTA + ")";
    boolean marked = List.of(schema.fieldNames()).contains(RowCodec.ABOVE_MAX_DELTA);
    Row row =
        written
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

  /** Rows, with the column {@code target}, for which there is no output row. */
  static Dataset<Row> missing(Dataset<Row> valid, List<String> targets, Dataset<Row> written) {
    Column all = functions.array(targets.stream().map(functions::lit).toArray(Column[]::new));
    Column done = functions.coalesce(col(PreparedSchema.DONE), functions.array());
    Dataset<Row> wanted =
        valid.withColumn(RowCodec.TARGET, functions.explode(functions.array_except(all, done)));
    Dataset<Row> ids =
        written.select(col(PreparedSchema.ID).as("w_id"), col(RowCodec.TARGET).as("w_target"));
    return wanted.join(
        ids,
        wanted
            .col(PreparedSchema.ID)
            .equalTo(ids.col("w_id"))
            .and(wanted.col(RowCodec.TARGET).equalTo(ids.col("w_target"))),
        "left_anti");
  }
}
