package org.deepliftspark.job;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.io.ReferenceTable;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.RowCodec;

/**
 * One run: prepare the rows (a first Spark job that needs no model), write the rejected ones, score
 * the others, read back what was committed. Counts come from what is stored, so retries and
 * speculation cannot falsify them.
 */
final class ScoreRun {
  private final SparkSession spark;
  private final RunContext context;
  private final JobPlan plan;
  private final JobOptions options;
  private final HadoopFiles hadoop;
  private final Instant started = Instant.now();

  ScoreRun(SparkSession spark, JobPlan given, JobOptions options, PrintStream err) {
    this.spark = spark;
    this.options = options;
    this.hadoop = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    GpuScheduling gpus = new GpuScheduling(spark, options.engine().tasksPerGpu());
    BackendChoice choice = BackendChoice.settle(gpus, given, options, backendBefore(), err);
    this.plan = given.on(choice.spec());
    String id = UUID.randomUUID().toString();
    this.context = new RunContext(spark, plan, choice, gpus, options, err, id, new RunLog(id));
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
    EngineTrial engine = EngineTrial.of(context);
    JobOptions.Output target = options.output();
    OutputFolder.requireApart(
        hadoop,
        target.folder(),
        options.quality().rejected(),
        target.mode(),
        options.input().source().inputs());
    SequenceSource source =
        SequenceSource.open(spark, hadoop, options.input().source(), plan.graph().inputs());
    InputFiles input = InputFiles.of(hadoop, options.input().source().inputs());
    Map<String, String> fingerprints = fingerprints(plan, source);
    RowCodec codec = codec(plan, options, source);
    ScoreTable table =
        new ScoreTable(
            codec.schema(source.kept()),
            target,
            plan.modelHash(),
            started.atZone(ZoneOffset.UTC).toLocalDate());
    try (OutputFolder output =
        OutputFolder.open(hadoop, target.folder(), target.mode(), context.id())) {
      Replacement.settle(spark, hadoop, output);
      RunRecord before = RunRecord.parse(output.readText(Provenance.FILE));
      ScoreStore store = store(table, output, before);
      if (target.mode().adds() && store.isThere() && before != null) {
        before.requireWhole(target.folder());
      }
      if (target.mode() == OutputMode.RESUME && store.isThere()) {
        requireSame(before, engine.description(), fingerprints);
        if (before.isDone() && before.hasInput(input)) {
          context.err().println("Nothing to do: the output holds the scores of this very input");
          return RunReport.nothingNew(before, target.folder());
        }
      }
      if (target.mode() == OutputMode.APPEND && before != null && store.isThere()) {
        before.requireSameNumbers(plan, options, fingerprints);
      }
      Provenance provenance =
          new Provenance(
              spark,
              plan,
              options,
              context.id(),
              engine.description(),
              context.choice().notes(),
              started,
              input,
              fingerprints,
              before,
              store.notes());
      Rejections rejections = new Rejections(spark, output, options);
      store.fence();
      Dataset<Row> scored = scoredBefore(table, store, rejections);
      context.log().event("started", "model_sha256", plan.modelHash(), "output", target.folder());
      try (PreparedRows rows = prepare(source, scored)) {
        context
            .log()
            .event(
                "prepared",
                "read",
                rows.read(),
                "to_score",
                rows.validRows(),
                "scored_before",
                rows.scoredBefore());
        ScoreTasks tasks =
            new ScoreTasks(context, codec, engine.preferredRows(), rows, table, store, output);
        return new ScoreAttempt(context, tasks, table, store, output, rejections, provenance, rows)
            .run();
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
      case DELTA ->
          new DeltaTable(spark, table, target, root, there != null, context.id(), before, now);
      case ICEBERG -> new IcebergTable(spark, table, target, root, there != null, context.id());
    };
  }

  /** Tells the files that options name from others behind the same paths. */
  private static Map<String, String> fingerprints(JobPlan plan, SequenceSource source) {
    Map<String, String> fingerprints = new TreeMap<>();
    if (source.genome() != null) {
      fingerprints.put("genome", source.genome());
    }
    String tables =
        plan.tables().stream()
            .filter(Objects::nonNull)
            .map(ReferenceTable::fingerprint)
            .collect(Collectors.joining("; "));
    if (!tables.isEmpty()) {
      fingerprints.put("references", tables);
    }
    return fingerprints;
  }

  private void requireSame(RunRecord before, String engine, Map<String, String> fingerprints) {
    if (before == null) {
      throw new InvalidInputException(
          "Cannot resume "
              + options.output().folder()
              + ": no _deeplift/run.json that can be read says how its scores were made. Use another"
              + " --output, --mode append or --mode overwrite");
    }
    before.requireSame(plan, options, engine, fingerprints);
  }

  /** What needs no scoring any more, {@code [id, target]}, or null if there is nothing. */
  private Dataset<Row> scoredBefore(ScoreTable table, ScoreStore store, Rejections rejections)
      throws IOException {
    Dataset<Row> scored = table.scoredBefore(store, plan.targets());
    // Only of scores that are there is it known that they were made in the same way.
    Dataset<Row> lost = store.isThere() ? rejections.notFiniteBefore() : null;
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
    int tasks = PartitionPlan.preparing(source.bytes(), context.cores());
    boolean idColumn = options.input().source().idColumn() != null;
    context.describe("checking the input");
    try {
      boolean resumed = options.output().mode() == OutputMode.RESUME;
      return PreparedRows.of(
          source, plan, idColumn, scored, resumed ? plan.targets().size() : 1, resumed, tasks);
    } catch (Exception e) { // SparkException is checked, but not declared to Java
      throw InputFailure.explain(e, options.input().source().inputs());
    } finally {
      context.describe(null);
    }
  }
}
