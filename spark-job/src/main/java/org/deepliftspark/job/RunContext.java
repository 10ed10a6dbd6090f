package org.deepliftspark.job;

import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;

/**
 * What all steps of a run share.
 *
 * @param plan on the backend that was chosen
 * @param err where people read how the run goes
 * @param id of the run; Spark's job group is called like it while rows are scored
 */
record RunContext(
    SparkSession spark,
    JobPlan plan,
    BackendChoice choice,
    GpuScheduling gpus,
    JobOptions options,
    PrintStream err,
    String id,
    RunLog log) {

  /** Says in Spark's pages and event log what the jobs from now on are for; null for nothing. */
  void describe(String what) {
    spark
        .sparkContext()
        .setJobDescription(what == null ? null : "deeplift: " + Secrets.redact(what));
  }

  /** Tasks that run at once. */
  int cores() {
    return spark.sparkContext().defaultParallelism();
  }
}
