package org.deepliftspark.job;

import org.apache.spark.SparkConf;
import org.deepliftspark.job.io.Connectors;

/** Spark with what a job's own session has where Delta Lake is on the class path. */
public class LakeHarness extends SparkHarness {
  @Override
  public SparkConf conf() {
    SparkConf conf = super.conf();
    Connectors.prepare(conf);
    // A table's log of a few files is no work for fifty tasks.
    return conf.set("spark.databricks.delta.snapshotPartitions", "2");
  }
}
