package org.deepliftspark.job.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.export.OutputFile;
import org.deepliftspark.job.scores.ScoreReader;

/** Writes the report of a scoring run. */
public final class ReportJob {
  /** File under the scores unless told otherwise; readers of Parquet pass over its folder. */
  public static final String FILE = "_deeplift/report.html";

  private ReportJob() {}

  /**
   * @param file where to; null for {@link #FILE} under the scores
   * @return where it lies
   */
  public static String run(
      SparkSession spark, ScoreReader scores, ReportOptions options, String file, PrintStream out)
      throws IOException {
    String output = file == null ? scores.folder() + "/" + FILE : file;
    String page = ReportPage.html(new ReportReader(spark, scores, options).read());
    try (OutputFile to = OutputFile.create(output)) {
      to.stream().write(page.getBytes(StandardCharsets.UTF_8));
      to.commit();
    }
    out.println("report: " + output);
    return output;
  }
}
