package org.deepliftspark.job.partition;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.graph.Graph;

/** A graph on its way to the tasks: broadcast once per executor. */
public final class GraphHandle implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<Graph> broadcast;

  private GraphHandle(Broadcast<Graph> broadcast) {
    this.broadcast = broadcast;
  }

  public static GraphHandle broadcast(SparkSession spark, Graph graph) {
    return new GraphHandle(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(graph));
  }

  Graph graph() {
    return broadcast.value();
  }

  /** Frees the copies on the executors; to be called when no task needs the graph any more. */
  @Override
  public void close() {
    broadcast.destroy();
  }
}
