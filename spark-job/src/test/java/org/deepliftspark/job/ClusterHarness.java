package org.deepliftspark.job;

import org.apache.spark.SparkConf;

/** Spark with two executors in JVMs of their own. */
public class ClusterHarness extends SparkHarness {
  @Override
  String master() {
    return "local-cluster[2,2,1024]";
  }

  @Override
  public SparkConf conf() {
    return super.conf().set("spark.executor.memory", "1024m");
  }
}
