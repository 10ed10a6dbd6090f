package org.deepliftspark.job;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple4;

/**
 * How many rows are scored at this moment: those of finished tasks, and of running ones what their
 * executors' heartbeats said last. Of copies of a task the one that is ahead counts; what a failed
 * task had done does not count any more.
 */
final class LiveRows extends SparkListener {
  private final LongAccumulator finished;
  private final Map<Long, Integer> partitions = new HashMap<>();
  private final Map<Long, Long> running = new HashMap<>();

  /**
   * @param finished counts the rows of tasks when they end well, each partition once
   */
  LiveRows(LongAccumulator finished) {
    this.finished = finished;
  }

  synchronized long count() {
    Map<Integer, Long> ahead = new HashMap<>();
    running.forEach((task, rows) -> ahead.merge(partitions.get(task), rows, Math::max));
    return finished.value() + ahead.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    partitions.put(start.taskInfo().taskId(), start.taskInfo().index());
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
    partitions.remove(end.taskInfo().taskId());
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    scala.collection.Iterator<?> tasks = updates(update).iterator();
    while (tasks.hasNext()) {
      Tuple4<?, ?, ?, ?> task = (Tuple4<?, ?, ?, ?>) tasks.next();
      scala.collection.Iterator<?> values = ((scala.collection.Iterable<?>) task._4()).iterator();
      while (values.hasNext()) {
        AccumulableInfo info = (AccumulableInfo) values.next();
        if (info.id() == finished.id() && info.update().isDefined()) {
          isAt((Long) task._1(), ((Number) info.update().get()).longValue());
        }
      }
    }
  }

  /** Takes in what a heartbeat says of a running task. */
  synchronized void isAt(long task, long rows) {
    if (partitions.containsKey(task)) { // a heartbeat may come after the task's end
      running.put(task, rows);
    }
  }

  /** The type of this list differs between Scala 2.12 and 2.13, and so would a call of it. */
  private static scala.collection.Iterable<?> updates(SparkListenerExecutorMetricsUpdate update) {
    try {
      return (scala.collection.Iterable<?>)
          SparkListenerExecutorMetricsUpdate.class.getMethod("accumUpdates").invoke(update);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Every Spark has accumUpdates", e);
    }
  }
}
