package org.deepliftspark.job.cli;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.report.LogoJob;
import org.deepliftspark.job.report.ReportJob;
import org.deepliftspark.job.report.ReportOptions;
import org.deepliftspark.job.scores.ScoreReader;

/** Carries out {@code report} and {@code logo}. */
final class ReportRun {

  private ReportRun() {}

  static void report(OptionValues values, Console console) throws IOException {
    try (JobSession session = JobSession.open("deeplift-report")) {
      ReportJob.run(
          session.spark(),
          scores(session.spark(), values),
          options(values),
          values.get(ResultOptions.RESULT),
          console.out());
    }
  }

  static void logo(OptionValues values, Console console) throws IOException {
    try (JobSession session = JobSession.open("deeplift-logo")) {
      LogoJob.run(
          scores(session.spark(), values),
          values.get(ResultOptions.ID),
          values.get(ResultOptions.START) - 1,
          values.find(ResultOptions.END).orElse(-1),
          values.get(ResultOptions.RESULT),
          console.out());
    }
  }

  private static ScoreReader scores(SparkSession spark, OptionValues values) {
    return ScoreReader.open(
        spark, values.get(ResultOptions.SCORES), values.get(ResultOptions.SCORED_TARGET));
  }

  private static ReportOptions options(OptionValues values) {
    return new ReportOptions(
        values.get(ResultOptions.TOP),
        values.get(ResultOptions.IMAGE_COL),
        values.get(ResultOptions.MOTIF_TABLES),
        values.get(ResultOptions.REJECTED_ROWS));
  }

  /** What {@code report} does if no option says otherwise. */
  static ReportOptions defaults(String scores) {
    return options(Options.parse(CommandName.REPORT, List.of(scores)));
  }
}
