package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

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
import org.deepliftspark.job.partition.RowInputs;

/**
 * The rows of a job after preparation, kept on the executors' disks: everything that is rejected
 * without running the model is known, and counted exactly, before the first row is scored.
 */
final class PreparedRows implements AutoCloseable {
  /** Reason of rows for which the model gives NaN or infinity. */
  static final String NOT_FINITE = "result is not finite";

  /** Stands for the reason of rows that have none. */
  private static final String VALID = "";

  private final Dataset<Row> rows;
  private final boolean resumed;
  private final Map<String, Count> counts;

  private PreparedRows(Dataset<Row> rows, boolean resumed, Map<String, Count> counts) {
    this.rows = rows;
    this.resumed = resumed;
    this.counts = counts;
  }

  /**
   * How many rows there are of a reason.
   *
   * @param distinct rows, equal ones counted once
   * @param copies rows of the input
   * @param done targets that the output holds of them
   */
  private record Count(long distinct, long copies, long done) {
    static final Count NONE = new Count(0, 0, 0);
  }

  /**
   * Reads, checks and counts the input.
   *
   * @param scored rows {@code [id, target]} that are in the output already, or null
   * @param settled how many targets the output has to hold of an id for it not to be scored
   * @param resumed whether rows that are in the output are none that are rejected
   * @param tasks that look for duplicates
   */
  static PreparedRows of(
      SequenceSource source,
      JobPlan plan,
      boolean idColumn,
      Dataset<Row> scored,
      int settled,
      boolean resumed,
      int tasks) {
    RowInputs inputs = plan.rowInputs(source);
    StructType schema = PreparedSchema.of(source.kept(), inputs);
    int kept = source.kept().size();
    Dataset<Row> prepared =
        source.rows().map(new PrepareFunction(inputs, idColumn, kept), Encoders.row(schema));
    if (scored != null) {
      prepared = prepared.union(PreparedSchema.markers(scored, source.kept(), inputs));
    }
    Dataset<Row> rows =
        prepared
            .repartition(tasks, col(PreparedSchema.ID))
            .sortWithinPartitions(PreparedSchema.ID, PreparedSchema.HASH)
            .mapPartitions(new DuplicateFunction(kept, settled), Encoders.row(schema));
    rows = plan.withReferences(rows, kept).persist(StorageLevel.DISK_ONLY());
    PreparedRows counted = null;
    try {
      counted = new PreparedRows(rows, resumed, count(rows));
      return counted;
    } finally {
      if (counted == null) {
        rows.unpersist();
      }
    }
  }

  private static Map<String, Count> count(Dataset<Row> rows) {
    Map<String, Count> counts = new TreeMap<>();
    for (Row reason :
        rows.groupBy(functions.coalesce(col(PreparedSchema.REASON), lit(VALID)))
            .agg(
                functions.count(lit(1)),
                sum(col(PreparedSchema.COPIES)),
                sum(functions.greatest(lit(0), functions.size(col(PreparedSchema.DONE)))))
            .collectAsList()) {
      counts.put(
          reason.getString(0), new Count(reason.getLong(1), reason.getLong(2), reason.getLong(3)));
    }
    return counts;
  }

  /** Rows to score, without the columns that only preparation needs. */
  Dataset<Row> valid() {
    return rows.filter(col(PreparedSchema.REASON).isNull());
  }

  /** One of several parts of the rows to score, which together are all of them. */
  Dataset<Row> valid(int part, int parts) {
    if (parts == 1) {
      return valid();
    }
    Column hash = functions.xxhash64(col(PreparedSchema.ID));
    return valid().filter(functions.pmod(hash, lit((long) parts)).equalTo(lit((long) part)));
  }

  /** Rejected rows with their reasons. */
  Dataset<Row> rejectedRows() {
    Column refused = col(PreparedSchema.REASON).isNotNull();
    if (resumed) {
      refused = refused.and(col(PreparedSchema.REASON).notEqual(PreparedSchema.IN_OUTPUT));
    }
    return rejectedColumns(rows.filter(refused));
  }

  /** Rows of {@link #valid()} that gave no result for a target, as rejected rows. */
  static Dataset<Row> notFinite(Dataset<Row> missing) {
    return rejectedColumns(
        missing
            .withColumn(PreparedSchema.REASON, lit(NOT_FINITE))
            .withColumn(
                PreparedSchema.DETAIL,
                functions.concat(lit(Rejections.TARGET_PREFIX), col("target")))
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
    return counts.values().stream().mapToLong(Count::copies).sum();
  }

  /** Rows left out because another has the same id and content. */
  long duplicates() {
    return read() - counts.values().stream().mapToLong(Count::distinct).sum();
  }

  /** Rows that a resume leaves out because the output holds them. */
  long scoredBefore() {
    return resumed ? of(PreparedSchema.IN_OUTPUT).distinct() : 0;
  }

  /** Rows by the reason why they are rejected. */
  Map<String, Long> rejected() {
    Map<String, Long> rejected = new TreeMap<>();
    counts.forEach((reason, count) -> rejected.put(reason, count.distinct()));
    rejected.remove(VALID);
    if (resumed) {
      rejected.remove(PreparedSchema.IN_OUTPUT);
    }
    return rejected;
  }

  /** Rows to score. */
  long validRows() {
    return of(VALID).distinct();
  }

  /** Output rows that the rows to score give if all their numbers are finite. */
  long expectedRows(int targets) {
    return validRows() * targets - of(VALID).done();
  }

  private Count of(String reason) {
    return counts.getOrDefault(reason, Count.NONE);
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
