package org.deepliftspark.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.ModelFile;
import org.deepliftspark.job.io.ReferenceTable;
import org.deepliftspark.job.partition.NativeMemory;

/** The {@code score} command: reads the model, settles the plan, runs it on Spark, and reports. */
public final class ScoreJob {

  private ScoreJob() {}

  /**
   * Runs a job from the model's file on, in the Spark session that is there or in a new one.
   *
   * @param out gets the table at the end
   * @param err gets progress
   * @throws org.deepliftspark.engine.DeepLiftException for what the user can mend
   * @throws LimitExceededException if a limit was passed; the results that there are have been
   *     written
   */
  public static RunReport run(JobOptions options, PrintStream out, PrintStream err)
      throws IOException {
    try (LateSession session = new LateSession()) {
      JobPlan plan = plan(options, session);
      return run(session.spark(), plan, options, out, err);
    }
  }

  /** Prints what a job would do and what a row costs; starts nothing. */
  public static void dryRun(JobOptions options, PrintStream out) {
    JobPlan plan = plan(options);
    Map<String, Object> lines = new TreeMap<>(options.resolved());
    lines.put("references", plan.spec().references());
    lines.forEach((key, value) -> out.println(Secrets.redact(key + ": " + value)));
    out.println();
    out.print(plan.describe());
  }

  /** A Spark session that is opened when it is first asked for. */
  private static final class LateSession implements AutoCloseable {
    private JobSession session;

    SparkSession spark() {
      if (session == null) {
        session = JobSession.open("deeplift-score");
      }
      return session.spark();
    }

    @Override
    public void close() {
      if (session != null) {
        session.close();
      }
    }
  }

  /** Reads the models of a job and settles what it will do. */
  static JobPlan plan(JobOptions options) {
    try (LateSession session = new LateSession()) {
      return plan(options, session);
    }
  }

  private static JobPlan plan(JobOptions options, LateSession session) {
    HadoopFiles hadoop = new HadoopFiles(JobSession.hadoop());
    JobOptions.Model model = options.model();
    List<LoadedModel> models = new ArrayList<>();
    for (int i = 0; i < model.paths().size(); i++) {
      String weights = model.weights().isEmpty() ? null : model.weights().get(i);
      ModelFile file =
          ModelFile.read(hadoop, model.paths().get(i), weights, model.layouts(), model.lambdas());
      models.add(new LoadedModel(Models.read(file.source()), file.sha256()));
    }
    return JobPlan.of(
        models, options, hadoop, path -> ReferenceTable.open(session.spark(), hadoop, path));
  }

  /** Runs a job with graphs that are there already. */
  static RunReport run(
      SparkSession spark,
      List<LoadedModel> models,
      JobOptions options,
      PrintStream out,
      PrintStream err)
      throws IOException {
    HadoopFiles hadoop = new HadoopFiles(JobSession.hadoop());
    JobPlan plan =
        JobPlan.of(models, options, hadoop, path -> ReferenceTable.open(spark, hadoop, path));
    return run(spark, plan, options, out, err);
  }

  private static RunReport run(
      SparkSession spark, JobPlan plan, JobOptions options, PrintStream out, PrintStream err)
      throws IOException {
    RunReport report = score(spark, plan, options, err);
    out.print(report.table());
    out.flush();
    Limits.check(report, options);
    return report;
  }

  /** Says which options help where the driver's own engine found no memory. */
  private static RunReport score(
      SparkSession spark, JobPlan plan, JobOptions options, PrintStream err) throws IOException {
    try {
      return new ScoreRun(spark, plan, options, err).run();
    } catch (OutOfMemoryError full) {
      if (NativeMemory.explain(full) instanceof InvalidInputException explained) {
        throw explained;
      }
      throw full;
    }
  }
}
