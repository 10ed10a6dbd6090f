package org.deepliftspark.job;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.Connectors;

/**
 * Scores as a table of a data lake whose files lie in the output folder. Such a table shows rows
 * commit by commit, so a run is cut into rounds of some tasks each; a killed job keeps the rounds
 * that it finished.
 */
abstract sealed class LakeTable implements ScoreStore permits DeltaTable, IcebergTable {
  /** Tasks of a round per core: the more, the less cores wait for the last task of a round. */
  private static final int TASKS_PER_CORE = 4;

  final SparkSession spark;
  final ScoreTable table;
  final JobOptions.Output options;
  final String root;
  final boolean there;

  /**
   * @param root the output folder
   * @param there whether the table is there already
   */
  LakeTable(
      SparkSession spark, ScoreTable table, JobOptions.Output options, String root, boolean there) {
    this.spark = spark;
    this.table = table;
    this.options = options;
    this.root = root;
    this.there = there;
  }

  /**
   * @throws InvalidInputException that names the package to add, if the connector is not there
   */
  static void requireConnector(SparkSession spark, OutputFormat format) {
    Connectors.require(spark, format.key(), "Invalid --output-format " + format.key());
  }

  @Override
  public final boolean isThere() {
    return there;
  }

  @Override
  public final boolean replaces() {
    return there && options.mode() == OutputMode.OVERWRITE;
  }

  @Override
  public final Dataset<Row> before() {
    Dataset<Row> found = load();
    // The connectors themselves refuse rows in other folders.
    table.requireSameColumns(found.schema(), options.partitionBy());
    return found;
  }

  final Dataset<Row> load() {
    return spark.read().format(options.format().key()).load(root);
  }

  /** All rows at once where they replace others: there is no moment with a part of them. */
  @Override
  public final int rounds(int tasks, int cores) {
    return replaces() ? 1 : Math.max(1, (tasks - 1) / (TASKS_PER_CORE * cores) + 1);
  }

  @Override
  public final Dataset<Row> commit(Dataset<Row> valid, List<String> targets) {
    return there && !replaces() ? table.of(valid, load(), targets) : load();
  }

  /** What the connector says of a table that it does not write to, as one line. */
  final InvalidInputException refused(Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new InvalidInputException("Cannot write to " + options.folder() + ": " + reason, e);
  }
}
