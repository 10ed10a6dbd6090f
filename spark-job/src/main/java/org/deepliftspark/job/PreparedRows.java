package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.DuplicateFunction;
import org.deepliftspark.job.partition.PrepareFunction;
import org.deepliftspark.job.partition.PreparedSchema;

/**
 * The rows of a job after preparation, kept on the executors' disks: everything that is rejected
 * without running the model is known, and counted exactly, before the first row is scored.
 */
final class PreparedRows implements AutoCloseable {
  /** Reason of rows whose id an append finds in the output. */
  static final String IN_OUTPUT = "already in the output";

  /** Reason of rows for which the model gives NaN or infinity. */
  static final String NOT_FINITE = "result is not finite";

  private final Dataset<Row> rows;
  private final long read;
  private final long distinct;
  private final Map<String, Long> rejected;

  private PreparedRows(Dataset<Row> rows, long read, long distinct, Map<String, Long> rejected) {
    this.rows = rows;
    this.read = read;
    this.distinct = distinct;
    this.rejected = rejected;
  }

  /**
   * Reads, checks and counts the input.
   *
   * @param existing ids that are in the output already, or null
   * @param tasks that look for duplicates
   */
  static PreparedRows of(
      SequenceSource source, JobPlan plan, boolean idColumn, Dataset<Row> existing, int tasks) {
    StructType schema = PreparedSchema.of(source.kept());
    int kept = source.kept().size();
    Dataset<Row> prepared =
        source
            .rows()
            .map(
                new PrepareFunction(plan.encoder(), source.named(), idColumn, kept),
                Encoders.row(schema))
            .repartition(tasks, col(PreparedSchema.ID))
            .sortWithinPartitions(PreparedSchema.ID, PreparedSchema.HASH)
            .mapPartitions(new DuplicateFunction(kept), Encoders.row(schema));
    Dataset<Row> rows = existing == null ? prepared : rejectExisting(prepared, existing, schema);
    rows = rows.persist(StorageLevel.DISK_ONLY());
    PreparedRows counted = null;
    try {
      counted = counted(rows);
      return counted;
    } finally {
      if (counted == null) {
        rows.unpersist();
      }
    }
  }

  private static Dataset<Row> rejectExisting(
      Dataset<Row> prepared, Dataset<Row> existing, StructType schema) {
    Column known = col("deeplift_known").isNotNull();
    Column fresh = col(PreparedSchema.REASON).isNull().and(known);
    Dataset<Row> marked =
        existing.select(
            col(PreparedSchema.ID).as("deeplift_existing"), lit(true).as("deeplift_known"));
    return prepared
        .join(
            marked,
            prepared.col(PreparedSchema.ID).equalTo(marked.col("deeplift_existing")),
            "left_outer")
        .withColumn(
            PreparedSchema.DETAIL,
            when(fresh, lit(IN_OUTPUT)).otherwise(col(PreparedSchema.DETAIL)))
        .withColumn(
            PreparedSchema.REASON,
            when(fresh, lit(IN_OUTPUT)).otherwise(col(PreparedSchema.REASON)))
        .selectExpr(quoted(schema.fieldNames()));
  }

  private static String[] quoted(String[] names) {
    String[] quoted = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      quoted[i] = "`" + names[i].replace("`", "``") + "`";
    }
    return quoted;
  }

  private static PreparedRows counted(Dataset<Row> rows) {
    long read = 0;
    long distinct = 0;
    Map<String, Long> rejected = new TreeMap<>();
    for (Row reason :
        rows.groupBy(col(PreparedSchema.REASON))
            .agg(functions.count(lit(1)), sum(col(PreparedSchema.COPIES)))
            .collectAsList()) {
      distinct += reason.getLong(1);
      read += reason.getLong(2);
      if (!reason.isNullAt(0)) {
        rejected.put(reason.getString(0), reason.getLong(1));
      }
    }
    return new PreparedRows(rows, read, distinct, rejected);
  }

  /** Rows to score, without the columns that only preparation needs. */
  Dataset<Row> valid() {
    return rows.filter(col(PreparedSchema.REASON).isNull());
  }

  /** Rejected rows with their reasons. */
  Dataset<Row> rejectedRows() {
    return rejectedColumns(rows.filter(col(PreparedSchema.REASON).isNotNull()));
  }

  /** Rows of {@link #valid()} that gave no result for a target, as rejected rows. */
  static Dataset<Row> notFinite(Dataset<Row> missing) {
    return rejectedColumns(
        missing
            .withColumn(PreparedSchema.REASON, lit(NOT_FINITE))
            .withColumn(PreparedSchema.DETAIL, functions.concat(lit("target "), col("target")))
            .withColumn(
                PreparedSchema.HEAD, functions.substring(col(PreparedSchema.SEQUENCE), 1, 50)));
  }

  private static Dataset<Row> rejectedColumns(Dataset<Row> rows) {
    return rows.select(
        col(PreparedSchema.ID),
        col(PreparedSchema.REASON).as("reason"),
        col(PreparedSchema.DETAIL).as("detail"),
        col(PreparedSchema.LENGTH).as("length"),
        col(PreparedSchema.HEAD).as("sequence_start"),
        col(PreparedSchema.COPIES).as("copies"));
  }

  /** One rejected row, in words. */
  String example() {
    Row row = rejectedRows().select("id", "detail").first();
    return "such as " + row.getString(0) + ": " + row.getString(1);
  }

  /** Rows of the input. */
  long read() {
    return read;
  }

  /** Rows left out because another has the same id and content. */
  long duplicates() {
    return read - distinct;
  }

  /** Rows by the reason why they are rejected. */
  Map<String, Long> rejected() {
    return rejected;
  }

  /** Rows to score. */
  long validRows() {
    return distinct - rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
