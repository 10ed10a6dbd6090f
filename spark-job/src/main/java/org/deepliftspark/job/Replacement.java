package org.deepliftspark.job;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;

/**
 * The record of a run that is about to replace scores. It lies beside that of the old scores, as a
 * table of a data lake is replaced by one commit and a run may be killed before it can say so. The
 * table tells whose scores it holds; for part files the status {@code replacing} does.
 */
final class Replacement {
  static final String FILE = "replacing.json";

  private Replacement() {}

  /** Puts the record of the scores that are there in its place. */
  static void settle(SparkSession spark, HadoopFiles hadoop, OutputFolder output)
      throws IOException {
    String text = output.readText(FILE);
    if (text == null) {
      return;
    }
    RunRecord record = RunRecord.parse(text);
    if (record != null && isDone(spark, hadoop, output, record.run())) {
      output.writeText(Provenance.FILE, text);
    }
    output.deleteText(FILE);
  }

  private static boolean isDone(
      SparkSession spark, HadoopFiles hadoop, OutputFolder output, String run) throws IOException {
    OutputFormat format = output.holds();
    if (format == OutputFormat.DELTA) {
      return DeltaTable.hasCommitOf(hadoop, output.rootPath(), run);
    }
    return format == OutputFormat.ICEBERG && IcebergTable.isOf(spark, output.rootPath(), run);
  }
}
