package org.deepliftspark.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.Some;

/**
 * Spark's standalone cluster: a master and workers in this JVM, executors in JVMs of their own.
 * Each worker has an address of its own, as Spark starts the copy of a slow task on another host
 * only; {@code local-cluster} has one host.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final String MASTER_HOST = "127.0.0.1";

  private final List<RpcEnv> parts = new ArrayList<>();
  private final String url;

  /**
   * @param folder workers keep what they fetch and what executors say here
   */
  StandaloneCluster(int workers, int cores, int megabytes, Path folder) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master.rest.enabled", "false")
            .set("spark.shuffle.service.enabled", "false")
            .set("spark.ui.enabled", "false");
    RpcEnv master = Master.startRpcEnvAndEndpoint(MASTER_HOST, 0, 0, conf)._1();
    parts.add(master);
    url = "spark://" + MASTER_HOST + ":" + master.address().port();
    for (int worker = 1; worker <= workers; worker++) {
      parts.add(
          Worker.startRpcEnvAndEndpoint(
              "127.0.0." + (worker + 1),
              0,
              0,
              cores,
              megabytes,
              new String[] {url},
              folder.toString(),
              new Some<>(worker),
              conf,
              Option.empty()));
    }
  }

  String url() {
    return url;
  }

  /** Ends the workers, then the master. */
  @Override
  public void close() {
    Collections.reverse(parts);
    for (RpcEnv part : parts) {
      part.shutdown();
      part.awaitTermination();
    }
  }
}
