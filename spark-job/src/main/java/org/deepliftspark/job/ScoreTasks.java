package org.deepliftspark.job;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.GraphHandles;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.RowCodec;
import org.deepliftspark.job.partition.ScoreMetrics;

/** Sizes the tasks of a run, and has them score the prepared rows in one round or several. */
final class ScoreTasks {
  private final RunContext context;
  private final RowCodec codec;
  private final int preferredRows;
  private final PreparedRows rows;
  private final ScoreTable table;
  private final ScoreStore store;
  private final OutputFolder output;

  /**
   * @param preferredRows see {@link EngineTrial#preferredRows}
   */
  ScoreTasks(
      RunContext context,
      RowCodec codec,
      int preferredRows,
      PreparedRows rows,
      ScoreTable table,
      ScoreStore store,
      OutputFolder output) {
    this.context = context;
    this.codec = codec;
    this.preferredRows = preferredRows;
    this.rows = rows;
    this.table = table;
    this.store = store;
    this.output = output;
  }

  /** Writes the scores of all rows to the store; returns what the time went to. */
  ScoreMetrics write() {
    SparkSession spark = context.spark();
    ScoreMetrics metrics = ScoreMetrics.of(spark.sparkContext());
    LiveRows live = new LiveRows(metrics.rows());
    Progress progress = null;
    output.requireHeld();
    output.onLoss(() -> spark.sparkContext().cancelJobGroup(context.id()));
    try (GraphHandles graphs = GraphHandles.broadcast(spark, context.plan().graphs())) {
      PartitionPlan tasks = calibrated(graphs);
      announce(tasks);
      spark.sparkContext().addSparkListener(live);
      progress = new Progress(live::count, rows.validRows(), context.err());
      AttributionFunction function = function(graphs, metrics, engine().batch());
      int rounds = store.rounds(tasks.tasks(), context.cores());
      for (int round = 0; round < rounds; round++) {
        writeRound(function, round, rounds, (tasks.tasks() - 1) / rounds + 1);
      }
    } finally {
      if (progress != null) {
        progress.close();
      }
      spark.sparkContext().removeSparkListener(live);
      spark.sparkContext().clearJobGroup();
    }
    output.requireHeld();
    return metrics;
  }

  private void announce(PartitionPlan tasks) {
    BatchPlan batches = batchPlan();
    context.err().println(tasks.describe());
    context.err().println(batches.describe());
    context
        .log()
        .event(
            "planned",
            "tasks",
            tasks.tasks(),
            "seconds",
            Math.round(tasks.seconds()),
            "batch",
            batches.rows(),
            "memory_per_task",
            batches.memoryBytes());
  }

  private void writeRound(AttributionFunction function, int round, int rounds, int tasks) {
    String what = "scoring " + rows.validRows() + " rows to " + context.options().output().folder();
    String which = rounds == 1 ? "" : ", round " + (round + 1) + " of " + rounds;
    context
        .spark()
        .sparkContext()
        .setJobGroup(context.id(), "deeplift: " + Secrets.redact(what) + which, false);
    Dataset<Row> sorted =
        rows.valid(round, rounds)
            .repartitionByRange(tasks, functions.col(PreparedSchema.ID))
            .sortWithinPartitions(PreparedSchema.ID);
    Dataset<Row> scores =
        hasOwnStage()
            ? context.gpus().score(sorted, function, table.scored())
            : sorted.mapPartitions(function, Encoders.row(table.scored()));
    output.requireHeld();
    store.write(scores, round);
    if (rounds > 1) {
      context.err().println("Round " + (round + 1) + " of " + rounds + " is in the table");
      context.log().event("committed", "round", round + 1, "rounds", rounds);
    }
  }

  /** Whether scoring is a stage whose tasks alone have GPUs. */
  private boolean hasOwnStage() {
    return context.choice().onGpus() && context.gpus().profile() != null;
  }

  /** Settles the number of tasks; by the cost of a row if measuring would not pay. */
  private PartitionPlan calibrated(GraphHandles graphs) {
    SparkSession spark = context.spark();
    double flopsPerRow = context.plan().cost().flopsPerRow();
    PartitionPlan guess = partitionPlan(PartitionPlan.estimate(flopsPerRow), false);
    double seconds = Calibration.seconds(guess.seconds());
    if (hasOwnStage() || seconds == 0) {
      return guess;
    }
    context.describe("measuring the speed of a task");
    int batch = Calibration.batch(engine().batch(), flopsPerRow);
    AttributionFunction function = function(graphs, ScoreMetrics.of(spark.sparkContext()), batch);
    double speed =
        Calibration.rowsPerSecond(spark, rows.valid(), function, context.cores(), seconds);
    return partitionPlan(speed, true);
  }

  private PartitionPlan partitionPlan(double rowsPerSecond, boolean measured) {
    return PartitionPlan.of(
        engine().partitions(),
        rows.validRows(),
        rowsPerSecond,
        measured,
        context.cores(),
        engine().taskMinutes());
  }

  private BatchPlan batchPlan() {
    int batch = engine().batch() > 0 ? engine().batch() : preferredRows;
    return new BatchPlan(batch, context.plan().cost().bytesPerRow(), engine().memoryBytes());
  }

  private AttributionFunction function(GraphHandles graphs, ScoreMetrics metrics, int batch) {
    return new AttributionFunction(graphs.all(), context.plan().specs(), codec, batch, metrics);
  }

  private JobOptions.Engine engine() {
    return context.options().engine();
  }
}
