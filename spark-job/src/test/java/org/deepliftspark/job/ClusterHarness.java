package org.deepliftspark.job;

import java.nio.file.Path;
import org.apache.spark.SparkConf;

/**
 * Spark with two executors in JVMs of their own, that starts copies of tasks which take longer than
 * others.
 */
public class ClusterHarness extends SparkHarness {
  private static final int WORKERS = 2;
  private static final int CORES = 2;
  private static final int MEGABYTES = 1024;

  private StandaloneCluster cluster;

  @Override
  String master() {
    if (cluster == null) {
      // The environment of surefire names the module's folder.
      // Workers name their folders by the second: two clusters at once need two places.
      String process = Long.toString(ProcessHandle.current().pid());
      Path folder = Path.of(System.getenv("SPARK_HOME"), "target", "workers", process);
      cluster = new StandaloneCluster(WORKERS, CORES, MEGABYTES, folder);
    }
    return cluster.url();
  }

  @Override
  public SparkConf conf() {
    return super.conf()
        .set("spark.executor.memory", MEGABYTES + "m")
        // Both hosts have their part of every job: tasks wait for all cores, and for none nearer.
        .set("spark.cores.max", Integer.toString(WORKERS * CORES))
        .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .set("spark.locality.wait", "0")
        .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        .set("spark.speculation", "true")
        .set("spark.speculation.interval", "200ms")
        .set("spark.speculation.quantile", "0.5")
        .set("spark.speculation.multiplier", "1.5")
        .set("spark.speculation.minTaskRuntime", "1s");
  }

  @Override
  public void close() {
    super.close();
    cluster.close();
  }
}
