package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.graph.Graph;

/** The graphs of a job on their way to the tasks. */
public record GraphHandles(List<GraphHandle> all) implements AutoCloseable {

  public static GraphHandles broadcast(SparkSession spark, List<Graph> graphs) {
    List<GraphHandle> handles = new ArrayList<>();
    for (Graph graph : graphs) {
      handles.add(GraphHandle.broadcast(spark, graph));
    }
    return new GraphHandles(handles);
  }

  @Override
  public void close() {
    all.forEach(GraphHandle::close);
  }
}
