package org.deepliftspark.job;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.OutputFolder;
import org.deepliftspark.job.partition.PreparedSchema;

/** The part of a run that has its rows and its folder: rejects, scores, commits, counts. */
final class ScoreAttempt {
  private final RunContext context;
  private final JobOptions options;
  private final ScoreTasks tasks;
  private final ScoreTable table;
  private final ScoreStore store;
  private final OutputFolder output;
  private final Rejections rejections;
  private final Provenance provenance;
  private final PreparedRows rows;
  private final Map<String, Long> rejected;
  private Map<String, Double> taskSeconds = Map.of();

  ScoreAttempt(
      RunContext context,
      ScoreTasks tasks,
      ScoreTable table,
      ScoreStore store,
      OutputFolder output,
      Rejections rejections,
      Provenance provenance,
      PreparedRows rows) {
    this.context = context;
    this.options = context.options();
    this.tasks = tasks;
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
      context.describe("writing rejected rows");
      rejections.write(rows.rejectedRows());
    }
    refuseIfTooMany();
    RunReport report = rows.validRows() == 0 ? report(0, ScoreTable.Summary.EMPTY, 0) : score();
    output.writeText(Provenance.FILE, provenance.json(Provenance.DONE, report));
    context
        .log()
        .event(
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
      if (!store.isThere() || options.output().mode() == OutputMode.RESUME) {
        RunReport report = report(0, ScoreTable.Summary.EMPTY, 0);
        output.writeText(Provenance.FILE, provenance.json(Provenance.TOO_MANY_REJECTED, report));
      } // otherwise the record stays that of the scores that stay
      throw Limits.tooManyRejected(
          rejected, distinct, options, "Nothing was scored: raise the limit to score the others");
    }
  }

  private RunReport score() throws IOException {
    long start = System.nanoTime();
    String begun = store.replaces() ? Replacement.FILE : Provenance.FILE;
    output.writeText(begun, provenance.json(Provenance.RUNNING, null));
    taskSeconds = tasks.write().seconds();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (store.replaces()) {
      output.writeText(Provenance.FILE, provenance.json(Provenance.REPLACING, null));
    }
    Dataset<Row> written = store.commit(rows.valid(), context.plan().targets());
    if (store.replaces()) {
      output.writeText(Provenance.FILE, provenance.json(Provenance.RUNNING, null));
      output.deleteText(Replacement.FILE);
    }
    context.describe("counting what was written");
    ScoreTable.Summary summary = table.summarize(written);
    long lost = rejectNotFinite(summary, written);
    context.describe(null);
    return report(rows.validRows() - lost, summary, seconds);
  }

  /**
   * Finds the rows that gave no output row for some target, and rejects them. Returns how many rows
   * that are.
   */
  private long rejectNotFinite(ScoreTable.Summary summary, Dataset<Row> written)
      throws IOException {
    long expected = rows.expectedRows(context.plan().targets().size());
    if (summary.rows() == expected) {
      return 0;
    }
    if (summary.rows() > expected) {
      throw new IllegalStateException(
          "Wrote " + summary.rows() + " rows, expected at most " + expected);
    }
    Dataset<Row> missing = ScoreTable.missing(rows.valid(), context.plan().targets(), written);
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
