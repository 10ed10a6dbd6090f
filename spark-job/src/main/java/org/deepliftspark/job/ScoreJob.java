package org.deepliftspark.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.ModelFile;

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
    JobPlan plan = plan(options);
    try (JobSession session = JobSession.open("deeplift-score")) {
      return run(session.spark(), plan, options, out, err);
    }
  }

  /** Prints what a job would do and what a row costs; starts nothing. */
  public static void dryRun(JobOptions options, PrintStream out) {
    JobPlan plan = plan(options);
    Map<String, Object> lines = new TreeMap<>(options.resolved());
    lines.put("references", plan.spec().references());
    lines.forEach((key, value) -> out.println(key + ": " + value));
    out.println();
    out.print(plan.describe());
  }

  /** Reads the models of a job and settles what it will do. */
  static JobPlan plan(JobOptions options) {
    HadoopFiles hadoop = new HadoopFiles(JobSession.hadoop());
    JobOptions.Model model = options.model();
    List<LoadedModel> models = new ArrayList<>();
    for (int i = 0; i < model.paths().size(); i++) {
      String weights = model.weights().isEmpty() ? null : model.weights().get(i);
      ModelFile file =
          ModelFile.read(hadoop, model.paths().get(i), weights, model.layouts(), model.lambdas());
      models.add(new LoadedModel(Models.read(file.source()), file.sha256()));
    }
    return JobPlan.of(models, options, hadoop);
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
    return run(spark, JobPlan.of(models, options, hadoop), options, out, err);
  }

  private static RunReport run(
      SparkSession spark, JobPlan plan, JobOptions options, PrintStream out, PrintStream err)
      throws IOException {
    RunReport report = new ScoreRun(spark, plan, options, err).run();
    out.print(report.table());
    out.flush();
    Limits.check(report, options);
    return report;
  }
}
