package org.deepliftspark.job;

import org.apache.spark.SparkConf;

/** As {@link GpuClusterHarness}, but no stage asks for a GPU by itself. */
public class GpuStageHarness extends GpuClusterHarness {
  @Override
  public SparkConf conf() {
    return super.conf().remove("spark.task.resource.gpu.amount");
  }
}
