package org.deepliftspark.job;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.LongAccumulator;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.ExecutableCache;
import org.deepliftspark.job.partition.GraphHandle;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.RowCodec;

/**
 * One run: prepare the rows (a first Spark job that needs no model), write the rejected ones, score
 * the others, read back what was committed. Counts come from what is stored, so retries and
 * speculation cannot falsify them.
 */
final class ScoreRun {
  private static final String REJECTED = "rejected";

  private final SparkSession spark;
  private final JobPlan plan;
  private final JobOptions options;
  private final PrintStream err;
  private final HadoopFiles hadoop;
  private final String run = UUID.randomUUID().toString();
  private final Instant started = Instant.now();

  ScoreRun(SparkSession spark, JobPlan plan, JobOptions options, PrintStream err) {
    this.spark = spark;
    this.plan = plan;
    this.options = options;
    this.err = err;
    this.hadoop = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
  }

  RunReport run() throws IOException {
    String engine = openEngine();
    SequenceSource source = SequenceSource.open(spark, hadoop, options.input().source());
    RowCodec codec = codec(source);
    ScoreTable table = new ScoreTable(spark, codec.schema(source.kept()), options.output());
    JobOptions.Output target = options.output();
    OutputFolder.requireApart(
        hadoop, target.folder(), target.mode(), options.input().source().inputs());
    try (OutputFolder output = OutputFolder.open(hadoop, target.folder(), target.mode(), run)) {
      Dataset<Row> existing = table.existingIds(output, plan.targets());
      try (PreparedRows rows = prepare(source, existing)) {
        return new Attempt(engine, codec, table, output, rows).run();
      }
    }
  }

  /**
   * Opens the engine here, so that what is wrong with the model or the backend stops the job before
   * its first task.
   */
  private String openEngine() {
    try (ExecutableCache.Lease lease =
        ExecutableCache.instance().lease(plan.spec().key(), () -> plan.spec().open(plan.graph()))) {
      if (options.references().text() == null) {
        err.println("References: " + plan.spec().references().text() + " (--references not given)");
      }
      return lease.engine().description();
    }
  }

  private RowCodec codec(SequenceSource source) {
    return new RowCodec(
        source.kept().size(),
        plan.targets(),
        plan.encoder().length(),
        options.output().layout(),
        options.model().hypothetical(),
        options.quality().maxDelta());
  }

  private PreparedRows prepare(SequenceSource source, Dataset<Row> existing) {
    int tasks = PartitionPlan.preparing(source.bytes(), cores());
    boolean idColumn = options.input().source().idColumn() != null;
    try {
      return PreparedRows.of(source, plan, idColumn, existing, tasks);
    } catch (Exception e) { // SparkException is checked, but not declared to Java
      throw InputFailure.explain(e, options.input().source().inputs());
    }
  }

  private int cores() {
    return spark.sparkContext().defaultParallelism();
  }

  /** The part of a run that has its rows and its folder. */
  private final class Attempt {
    private final String engine;
    private final RowCodec codec;
    private final ScoreTable table;
    private final OutputFolder output;
    private final PreparedRows rows;
    private final Map<String, Long> rejected;

    Attempt(
        String engine, RowCodec codec, ScoreTable table, OutputFolder output, PreparedRows rows) {
      this.engine = engine;
      this.codec = codec;
      this.table = table;
      this.output = output;
      this.rows = rows;
      this.rejected = new TreeMap<>(rows.rejected());
    }

    RunReport run() throws IOException {
      if (rows.read() == 0) {
        throw new InvalidInputException(
            "Cannot score "
                + String.join(", ", options.input().source().inputs())
                + ": there are no sequences in it");
      }
      output.deleteInternal(REJECTED);
      if (!rejected.isEmpty()) {
        writeRejected(rows.rejectedRows());
      }
      refuseIfTooMany();
      return score();
    }

    private void refuseIfTooMany() throws IOException {
      long distinct = rows.read() - rows.duplicates();
      if (rows.validRows() == 0) {
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
      if (Limits.passed(distinct - rows.validRows(), distinct, options)) {
        RunReport report = report(0, ScoreTable.Summary.EMPTY, 0);
        writeProvenance(report, "too many rejected rows");
        throw Limits.tooManyRejected(
            rejected, distinct, options, "Nothing was scored: raise the limit to score the others");
      }
    }

    private RunReport score() throws IOException {
      int tasks =
          PartitionPlan.scoring(
              options.engine().partitions(), rows.validRows(), plan.cost().flopsPerRow(), cores());
      LongAccumulator scored = spark.sparkContext().longAccumulator("rows scored");
      long start = System.nanoTime();
      Progress progress = new Progress(scored::value, rows.validRows(), err);
      try (GraphHandle graph = GraphHandle.broadcast(spark, plan.graph())) {
        Dataset<Row> scores =
            rows.valid()
                .repartitionByRange(tasks, functions.col(PreparedSchema.ID))
                .sortWithinPartitions(PreparedSchema.ID)
                .mapPartitions(function(graph, scored), Encoders.row(table.schema()));
        output.requireHeld();
        table.write(scores, output.writePath());
      } finally {
        progress.close();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      List<String> files = output.commit();
      ScoreTable.Summary summary = table.summarize(files, output.rootPath());
      long lost = rejectNotFinite(summary, files);
      RunReport report = report(rows.validRows() - lost, summary, seconds);
      writeProvenance(report, "done");
      return report;
    }

    private AttributionFunction function(GraphHandle graph, LongAccumulator scored) {
      return new AttributionFunction(
          graph,
          plan.spec(),
          plan.scoringEncoder(options),
          codec,
          options.engine().batch(),
          scored);
    }

    /**
     * Finds the rows that gave no output row for some target, and rejects them. Returns how many
     * rows that are.
     */
    private long rejectNotFinite(ScoreTable.Summary summary, List<String> files) {
      long expected = rows.validRows() * plan.targets().size();
      if (summary.rows() == expected) {
        return 0;
      }
      if (summary.rows() > expected) {
        throw new IllegalStateException(
            "Wrote " + summary.rows() + " rows, expected at most " + expected);
      }
      Dataset<Row> missing = table.missing(rows.valid(), plan.targets(), files, output.rootPath());
      writeRejected(PreparedRows.notFinite(missing));
      long lost = missing.select(PreparedSchema.ID).distinct().count();
      rejected.put(PreparedRows.NOT_FINITE, lost);
      return lost;
    }

    private void writeRejected(Dataset<Row> rejectedRows) {
      String folder = options.quality().rejected();
      ScoreTable.writeAside(rejectedRows, folder != null ? folder : output.internalPath(REJECTED));
    }

    private RunReport report(long scored, ScoreTable.Summary summary, double seconds) {
      return new RunReport(
          rows.read(),
          rows.duplicates(),
          rejected,
          scored,
          summary.rows(),
          summary.delta(),
          options.quality().maxDelta() == null ? null : summary.aboveMaxDelta(),
          seconds,
          options.output().folder());
    }

    private void writeProvenance(RunReport report, String status) throws IOException {
      String json = Provenance.json(spark, plan, options, run, engine, started, report, status);
      output.writeText(Provenance.FILE, json);
    }
  }
}
