package org.deepliftspark.job.partition;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.job.io.StoredModel;

/**
 * A graph on its way to the tasks. It is asked for once per executor, when its engine is opened.
 */
public abstract sealed class GraphHandle implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private GraphHandle() {}

  /** Broadcast once per executor. */
  public static GraphHandle broadcast(SparkSession spark, Graph graph) {
    return new Sent(JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(graph));
  }

  /** Read from its file by each executor, for sessions without a Spark context. */
  public static GraphHandle stored(StoredModel model) {
    return new Stored(model);
  }

  abstract Graph graph();

  /** Frees the copies on the executors; to be called when no task needs the graph any more. */
  @Override
  public abstract void close();

  private static final class Sent extends GraphHandle {
    private static final long serialVersionUID = 1L;

    private final Broadcast<Graph> broadcast;

    Sent(Broadcast<Graph> broadcast) {
      this.broadcast = broadcast;
    }

    @Override
    Graph graph() {
      return broadcast.value();
    }

    @Override
    public void close() {
      broadcast.destroy();
    }
  }

  private static final class Stored extends GraphHandle {
    private static final long serialVersionUID = 1L;

    private final StoredModel model;

    Stored(StoredModel model) {
      this.model = model;
    }

    @Override
    Graph graph() {
      return model.graph();
    }

    @Override
    public void close() {}
  }
}
