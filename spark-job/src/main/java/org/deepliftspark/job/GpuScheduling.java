package org.deepliftspark.job;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.GpuUse;

/**
 * What Spark is told about GPUs, and how scoring tasks get theirs.
 *
 * @param spark the session
 * @param tasksPerGpu tasks that share a GPU, by scheduling of the scoring stage alone; 0 where the
 *     session's own settings say it for all stages
 */
record GpuScheduling(SparkSession spark, int tasksPerGpu) {
  private static final String EXECUTOR_AMOUNT = "spark.executor.resource.gpu.amount";
  private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

  /** Whether Spark runs in this JVM alone, where it knows no GPUs; tasks take the first one. */
  boolean isLocal() {
    String master = spark.sparkContext().master();
    return master.equals("local") || master.startsWith("local[");
  }

  /** Why tasks get no GPU, or empty. */
  Optional<String> problem() {
    SparkConf conf = spark.sparkContext().getConf();
    if (isLocal()) {
      return tasksPerGpu == 0
          ? Optional.empty()
          : Optional.of("--tasks-per-gpu needs a cluster; Spark runs in one JVM here");
    } else if (!(conf.getDouble(EXECUTOR_AMOUNT, 0) > 0)) {
      return Optional.of(
          "executors have no GPU ("
              + EXECUTOR_AMOUNT
              + " is not set; conf/spark-defaults-gpu.conf shows how)");
    } else if (tasksPerGpu == 0 && !(conf.getDouble(TASK_AMOUNT, 0) > 0)) {
      return Optional.of(
          "tasks ask for no GPU (" + TASK_AMOUNT + " is not set, nor --tasks-per-gpu given)");
    }
    return Optional.empty();
  }

  /** What a scoring task asks for, or null where the session says it. */
  ResourceProfile profile() {
    if (tasksPerGpu == 0) {
      return null;
    }
    TaskResourceRequests requests =
        new TaskResourceRequests()
            .cpus(spark.sparkContext().getConf().getInt("spark.task.cpus", 1))
            .resource(GpuUse.RESOURCE, 1.0 / tasksPerGpu);
    return new ResourceProfileBuilder().require(requests).build();
  }

  /** Scores rows in tasks that have what they ask for. */
  Dataset<Row> score(Dataset<Row> rows, AttributionFunction function, StructType schema) {
    JavaRDD<Row> scores = rows.javaRDD().mapPartitions(function::call).withResources(profile());
    return spark.createDataFrame(scores, schema);
  }
}
