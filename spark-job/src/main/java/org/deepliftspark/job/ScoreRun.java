package org.deepliftspark.job;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.ExecutableCache;
import org.deepliftspark.job.partition.GraphHandles;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.RowCodec;
import org.deepliftspark.job.partition.ScoreMetrics;

/**
 * One run: prepare the rows (a first Spark job that needs no model), write the rejected ones, score
 * the others, read back what was committed. Counts come from what is stored, so retries and
 * speculation cannot falsify them.
 */
final class ScoreRun {
  private final SparkSession spark;
  private final JobPlan plan;
  private final BackendChoice choice;
  private final GpuScheduling gpus;
  private final JobOptions options;
  private final PrintStream err;
  private final HadoopFiles hadoop;
  private final String run = UUID.randomUUID().toString();
  private final RunLog log = new RunLog(run);
  private final Instant started = Instant.now();

  /** Rows per batch that suit the backend of every model; 0 where only the executors know. */
  private int preferredRows;

  ScoreRun(SparkSession spark, JobPlan given, JobOptions options, PrintStream err) {
    this.spark = spark;
    this.options = options;
    this.err = err;
    this.hadoop = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.gpus = new GpuScheduling(spark, options.engine().tasksPerGpu());
    this.choice = BackendChoice.settle(gpus, given, options, backendBefore(), err);
    this.plan = given.on(choice.spec());
  }

  /** Name of the backend whose scores are to be completed, or null. */
  private String backendBefore() {
    if (options.output().mode() != OutputMode.RESUME) {
      return null;
    }
    RunRecord record = RunRecord.of(hadoop, options.output().folder());
    return record == null ? null : record.backend();
  }

  RunReport run() throws IOException {
    LakeTable.requireConnector(spark, options.output().format());
    String engine = openEngine();
    SequenceSource source =
        SequenceSource.open(spark, hadoop, options.input().source(), plan.graph().inputs());
    InputFiles input = InputFiles.of(hadoop, options.input().source().inputs());
    JobOptions.Output target = options.output();
    ScoreTable table =
        new ScoreTable(
            codec(plan, options, source).schema(source.kept()),
            target,
            plan.modelHash(),
            started.atZone(ZoneOffset.UTC).toLocalDate());
    OutputFolder.requireApart(
        hadoop, target.folder(), target.mode(), options.input().source().inputs());
    try (OutputFolder output = OutputFolder.open(hadoop, target.folder(), target.mode(), run)) {
      RunRecord before = RunRecord.parse(output.readText(Provenance.FILE));
      ScoreStore store = store(table, output, before);
      if (target.mode() == OutputMode.RESUME && store.isThere()) {
        requireSame(before, engine);
        if (before.isDone() && before.hasInput(input)) {
          err.println("Nothing to do: the output holds the scores of this very input");
          return RunReport.nothingNew(before, target.folder());
        }
      }
      if (target.mode() == OutputMode.APPEND && before != null && store.isThere()) {
        before.requireSameNumbers(plan, options);
      }
      Provenance provenance =
          new Provenance(
              spark,
              plan,
              options,
              run,
              engine,
              choice.notes(),
              started,
              input,
              before,
              store.notes());
      Rejections rejections = new Rejections(spark, output, options);
      store.fence();
      Dataset<Row> scored = scoredBefore(table, store, rejections);
      log.event("started", "model_sha256", plan.modelHash(), "output", target.folder());
      try (PreparedRows rows = prepare(source, scored)) {
        log.event(
            "prepared",
            "read",
            rows.read(),
            "to_score",
            rows.validRows(),
            "scored_before",
            rows.scoredBefore());
        return new Attempt(source, table, store, output, rejections, provenance, rows).run();
      }
    }
  }

  /** Where the scores go, which has to be of the kind that is there. */
  private ScoreStore store(ScoreTable table, OutputFolder output, RunRecord before)
      throws IOException {
    JobOptions.Output target = options.output();
    OutputFormat there = output.holds();
    if (there != null && there != target.format()) {
      throw new InvalidInputException(
          "Cannot write to "
              + target.folder()
              + ": it holds "
              + there.words()
              + ", found --output-format "
              + target.format().key()
              + ". Give --output-format "
              + there.key()
              + ", or another --output");
    }
    String root = output.rootPath();
    long now = started.toEpochMilli();
    return switch (target.format()) {
      case PARQUET -> new PartFiles(spark, table, output, target);
      case DELTA -> new DeltaTable(spark, table, target, root, there != null, run, before, now);
      case ICEBERG -> new IcebergTable(spark, table, target, root, there != null, run);
    };
  }

  private void requireSame(RunRecord before, String engine) {
    if (before == null) {
      throw new InvalidInputException(
          "Cannot resume "
              + options.output().folder()
              + ": no _deeplift/run.json that can be read says how its scores were made. Use another"
              + " --output, --mode append or --mode overwrite");
    }
    before.requireSame(plan, options, engine);
  }

  /** What needs no scoring any more, {@code [id, target]}, or null if there is nothing. */
  private Dataset<Row> scoredBefore(ScoreTable table, ScoreStore store, Rejections rejections)
      throws IOException {
    Dataset<Row> scored = table.scoredBefore(store, plan.targets());
    Dataset<Row> lost = rejections.notFiniteBefore();
    if (scored == null || lost == null) {
      return asFound(scored == null ? lost : scored);
    }
    return asFound(scored.union(lost));
  }

  /**
   * Rows as they are now. Spark forgets what it keeps of a plan that reads a table as soon as the
   * table is written to, and the prepared rows would follow what this very run adds.
   */
  private Dataset<Row> asFound(Dataset<Row> rows) {
    return rows == null ? null : spark.createDataFrame(rows.javaRDD(), rows.schema());
  }

  /**
   * Opens the engine here, so that what is wrong with the model or the backend stops the job before
   * its first task.
   */
  private String openEngine() {
    if (options.references().texts().isEmpty()) {
      err.println("References: " + plan.spec().references() + " (--references not given)");
    }
    if (choice.onGpus()) {
      // the driver may have none: the executors have been asked
      return plan.spec().backend() + " (" + choice.notes().get("gpus") + ")";
    }
    String description = null;
    for (JobPlan.Member member : plan.members()) {
      try (ExecutableCache.Lease lease =
              ExecutableCache.instance()
                  .lease(member.spec().key(), () -> member.spec().open(member.graph()));
          DeepLift.Session session = lease.engine().newSession()) {
        description = lease.engine().description();
        int rows = session.preferredRows();
        preferredRows = preferredRows == 0 ? rows : Math.min(preferredRows, rows);
      }
    }
    return description;
  }

  static RowCodec codec(JobPlan plan, JobOptions options, SequenceSource source) {
    return new RowCodec(
        source.kept().size(),
        plan.targets(),
        plan.spec().inputs(),
        plan.rowInputs(source),
        options.output().layout(),
        options.model().hypothetical(),
        options.output().encoding(),
        plan.members().size(),
        options.references().keep(),
        options.quality().maxDelta(),
        options.engine().mixedDevices());
  }

  private PreparedRows prepare(SequenceSource source, Dataset<Row> scored) {
    int tasks = PartitionPlan.preparing(source.bytes(), cores());
    boolean idColumn = options.input().source().idColumn() != null;
    describe("checking the input");
    try {
      boolean resumed = options.output().mode() == OutputMode.RESUME;
      return PreparedRows.of(
          source, plan, idColumn, scored, resumed ? plan.targets().size() : 1, resumed, tasks);
    } catch (Exception e) { // SparkException is checked, but not declared to Java
      throw InputFailure.explain(e, options.input().source().inputs());
    } finally {
      describe(null);
    }
  }

  /** Says in Spark's pages and event log what the jobs from now on are for. */
  private void describe(String what) {
    spark
        .sparkContext()
        .setJobDescription(what == null ? null : "deeplift: " + Secrets.redact(what));
  }

  private int cores() {
    return spark.sparkContext().defaultParallelism();
  }

  /** The part of a run that has its rows and its folder. */
  private final class Attempt {
    private final SequenceSource source;
    private final ScoreTable table;
    private final ScoreStore store;
    private final OutputFolder output;
    private final Rejections rejections;
    private final Provenance provenance;
    private final PreparedRows rows;
    private final Map<String, Long> rejected;
    private final Map<String, Double> taskSeconds = new LinkedHashMap<>();

    Attempt(
        SequenceSource source,
        ScoreTable table,
        ScoreStore store,
        OutputFolder output,
        Rejections rejections,
        Provenance provenance,
        PreparedRows rows) {
      this.source = source;
      this.table = table;
      this.store = store;
      this.output = output;
      this.rejections = rejections;
      this.provenance = provenance;
      this.rows = rows;
      this.rejected = new TreeMap<>(rows.rejected());
    }

    RunReport run() throws IOException {
      if (rows.read() == 0) {
        throw new InvalidInputException(
            "Cannot score "
                + String.join(", ", options.input().source().inputs())
                + ": there are no rows in it");
      }
      rejections.start();
      if (!rejected.isEmpty()) {
        describe("writing rejected rows");
        rejections.write(rows.rejectedRows());
      }
      refuseIfTooMany();
      RunReport report = rows.validRows() == 0 ? report(0, ScoreTable.Summary.EMPTY, 0) : score();
      output.writeText(Provenance.FILE, provenance.json(Provenance.DONE, report));
      log.event(
          "done",
          "scored",
          report.scored(),
          "written",
          report.written(),
          "rejected",
          report.rejectedRows(),
          "seconds",
          report.seconds());
      return report;
    }

    private void refuseIfTooMany() throws IOException {
      long distinct = rows.read() - rows.duplicates();
      if (rows.validRows() == 0 && rows.scoredBefore() == 0) {
        throw new InvalidInputException(
            "No row can be scored: "
                + distinct
                + " of "
                + distinct
                + " rows rejected ("
                + RunReport.reasons(rejected)
                + "; "
                + rows.example()
                + "); rejected rows are in "
                + Limits.rejectedFolder(options));
      }
      if (Limits.passed(distinct - rows.scoredBefore() - rows.validRows(), distinct, options)) {
        RunReport report = report(0, ScoreTable.Summary.EMPTY, 0);
        output.writeText(Provenance.FILE, provenance.json(Provenance.TOO_MANY_REJECTED, report));
        throw Limits.tooManyRejected(
            rejected, distinct, options, "Nothing was scored: raise the limit to score the others");
      }
    }

    private RunReport score() throws IOException {
      long start = System.nanoTime();
      if (!store.replaces()) {
        output.writeText(Provenance.FILE, provenance.json(Provenance.RUNNING, null));
      }
      write();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (store.replaces()) {
        output.writeText(Provenance.FILE, provenance.json(Provenance.RUNNING, null));
      }
      Dataset<Row> written = store.commit(rows.valid(), plan.targets());
      describe("counting what was written");
      ScoreTable.Summary summary = table.summarize(written);
      long lost = rejectNotFinite(summary, written);
      describe(null);
      return report(rows.validRows() - lost, summary, seconds);
    }

    private void write() {
      ScoreMetrics metrics = ScoreMetrics.of(spark.sparkContext());
      LiveRows live = new LiveRows(metrics.rows());
      Progress progress = null;
      output.requireHeld();
      output.onLoss(() -> spark.sparkContext().cancelJobGroup(run));
      try (GraphHandles graphs = GraphHandles.broadcast(spark, plan.graphs())) {
        PartitionPlan tasks = calibrated(graphs);
        BatchPlan batches = batchPlan();
        err.println(tasks.describe());
        err.println(batches.describe());
        log.event(
            "planned",
            "tasks",
            tasks.tasks(),
            "seconds",
            Math.round(tasks.seconds()),
            "batch",
            batches.rows(),
            "memory_per_task",
            batches.memoryBytes());
        spark.sparkContext().addSparkListener(live);
        progress = new Progress(live::count, rows.validRows(), err);
        AttributionFunction function = function(graphs, metrics, options.engine().batch());
        int rounds = store.rounds(tasks.tasks(), cores());
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
      taskSeconds.putAll(metrics.seconds());
      output.requireHeld();
    }

    private void writeRound(AttributionFunction function, int round, int rounds, int tasks) {
      String what = "scoring " + rows.validRows() + " rows to " + options.output().folder();
      String which = rounds == 1 ? "" : ", round " + (round + 1) + " of " + rounds;
      spark.sparkContext().setJobGroup(run, "deeplift: " + Secrets.redact(what) + which, false);
      Dataset<Row> sorted =
          rows.valid(round, rounds)
              .repartitionByRange(tasks, functions.col(PreparedSchema.ID))
              .sortWithinPartitions(PreparedSchema.ID);
      Dataset<Row> scores =
          choice.onGpus() && gpus.profile() != null
              ? gpus.score(sorted, function, table.scored())
              : sorted.mapPartitions(function, Encoders.row(table.scored()));
      output.requireHeld();
      store.write(scores, round);
      if (rounds > 1) {
        err.println("Round " + (round + 1) + " of " + rounds + " is in the table");
        log.event("committed", "round", round + 1, "rounds", rounds);
      }
    }

    /** Settles the number of tasks; by the cost of a row if measuring would not pay. */
    private PartitionPlan calibrated(GraphHandles graphs) {
      double flopsPerRow = plan.cost().flopsPerRow();
      PartitionPlan guess = partitionPlan(PartitionPlan.estimate(flopsPerRow), false);
      boolean ownStage = choice.onGpus() && gpus.profile() != null; // whose tasks alone have GPUs
      double seconds = Calibration.seconds(guess.seconds());
      if (ownStage || seconds == 0) {
        return guess;
      }
      describe("measuring the speed of a task");
      int batch = Calibration.batch(options.engine().batch(), flopsPerRow);
      AttributionFunction function = function(graphs, ScoreMetrics.of(spark.sparkContext()), batch);
      double speed = Calibration.rowsPerSecond(spark, rows.valid(), function, cores(), seconds);
      return partitionPlan(speed, true);
    }

    private PartitionPlan partitionPlan(double rowsPerSecond, boolean measured) {
      JobOptions.Engine engine = options.engine();
      return PartitionPlan.of(
          engine.partitions(),
          rows.validRows(),
          rowsPerSecond,
          measured,
          cores(),
          engine.taskMinutes());
    }

    private BatchPlan batchPlan() {
      JobOptions.Engine engine = options.engine();
      int rows = engine.batch() > 0 ? engine.batch() : preferredRows;
      return new BatchPlan(rows, plan.cost().bytesPerRow(), engine.memoryBytes());
    }

    private AttributionFunction function(GraphHandles graphs, ScoreMetrics metrics, int batch) {
      return new AttributionFunction(
          graphs.all(), plan.specs(), codec(plan, options, source), batch, metrics);
    }

    /**
     * Finds the rows that gave no output row for some target, and rejects them. Returns how many
     * rows that are.
     */
    private long rejectNotFinite(ScoreTable.Summary summary, Dataset<Row> written)
        throws IOException {
      long expected = rows.expectedRows(plan.targets().size());
      if (summary.rows() == expected) {
        return 0;
      }
      if (summary.rows() > expected) {
        throw new IllegalStateException(
            "Wrote " + summary.rows() + " rows, expected at most " + expected);
      }
      Dataset<Row> missing = ScoreTable.missing(rows.valid(), plan.targets(), written);
      rejections.write(PreparedRows.notFinite(missing));
      long lost = missing.select(PreparedSchema.ID).distinct().count();
      rejected.put(PreparedRows.NOT_FINITE, lost);
      return lost;
    }

    private RunReport report(long scored, ScoreTable.Summary summary, double seconds) {
      return new RunReport(
          rows.read(),
          rows.duplicates(),
          rows.scoredBefore(),
          rejected,
          scored,
          summary.rows(),
          summary.delta(),
          options.quality().maxDelta() == null ? null : summary.aboveMaxDelta(),
          seconds,
          taskSeconds,
          options.output().folder());
    }
  }
}
