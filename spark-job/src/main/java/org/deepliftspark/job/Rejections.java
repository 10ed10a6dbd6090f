package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.partition.RowCodec;

/**
 * The rejected rows of an output: under {@code _deeplift/rejected} or where the user wants them.
 * Those that are there already are not added again.
 */
final class Rejections {
  private static final String NAME = "rejected";

  /** What {@link PreparedRows#notFinite} writes before the target. */
  static final String TARGET_PREFIX = "target ";

  /** Columns that tell one rejected row from another. */
  private static final List<String> KEY = List.of("id", "reason", "detail");

  private final SparkSession spark;
  private final OutputFolder output;
  private final JobOptions options;

  Rejections(SparkSession spark, OutputFolder output, JobOptions options) {
    this.spark = spark;
    this.output = output;
    this.options = options;
  }

  /** Removes what an earlier run left, unless this run adds to its rows. */
  void start() throws IOException {
    output.deleteInternal(NAME);
  }

  void write(Dataset<Row> rows) throws IOException {
    ScoreTable.writeAside(output.holdsFiles(folder()) ? withoutThoseThere(rows) : rows, folder());
  }

  private Dataset<Row> withoutThoseThere(Dataset<Row> rows) {
    Dataset<Row> there = there();
    Column same =
        KEY.stream().map(c -> rows.col(c).eqNullSafe(there.col(c))).reduce(Column::and).get();
    return rows.join(there, same, "left_anti");
  }

  private Dataset<Row> there() {
    try {
      return spark.read().parquet(HadoopFiles.literal(folder())).select("id", "reason", "detail");
    } catch (Exception e) { // AnalysisException is checked, but not declared to Java
      throw new InvalidInputException(
          "Invalid --rejected "
              + folder()
              + ": it holds files that are no rejected rows; give a folder of its own",
          e);
    }
  }

  /**
   * Targets of rows, {@code [id, target]}, that a resume knows to give no finite number; null if
   * there are none. A folder of the user's may hold those of other outputs, too, so it tells
   * nothing: its rows are scored again.
   */
  Dataset<Row> notFiniteBefore() throws IOException {
    boolean resumed = options.output().mode() == OutputMode.RESUME;
    if (!resumed || options.quality().rejected() != null || !output.holdsFiles(folder())) {
      return null;
    }
    String target = "substring(detail, " + (TARGET_PREFIX.length() + 1) + ")";
    return there()
        .filter(col("reason").equalTo(PreparedRows.NOT_FINITE))
        .select(col("id"), expr(target).as(RowCodec.TARGET));
  }

  private String folder() {
    String asked = options.quality().rejected();
    return asked != null ? asked : output.internalPath(NAME);
  }
}
