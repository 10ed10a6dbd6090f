package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/**
 * Pulls rows in batches, maps each batch, and gives the results one by one. Holds one batch at a
 * time.
 */
final class BatchIterator<A, B> implements Iterator<B> {
  private final Iterator<A> rows;
  private final int batchRows;
  private final Function<List<A>, List<B>> mapper;
  private final LongConsumer given;
  private Iterator<B> results = Collections.emptyIterator();
  private long ready;
  private boolean giving;

  /**
   * @param given told, when the results of a batch are used up, the nanoseconds since they were
   *     ready
   */
  BatchIterator(
      Iterator<A> rows, int batchRows, Function<List<A>, List<B>> mapper, LongConsumer given) {
    this.rows = rows;
    this.batchRows = batchRows;
    this.mapper = mapper;
    this.given = given;
  }

  @Override
  public boolean hasNext() {
    if (giving && !results.hasNext()) {
      giving = false;
      given.accept(System.nanoTime() - ready);
    }
    while (!results.hasNext() && rows.hasNext()) {
      stopIfKilled();
      List<A> batch = new ArrayList<>(batchRows);
      while (batch.size() < batchRows && rows.hasNext()) {
        batch.add(rows.next());
      }
      results = mapper.apply(batch).iterator();
      ready = System.nanoTime();
      giving = true;
    }
    return results.hasNext();
  }

  @Override
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return results.next();
  }

  private static void stopIfKilled() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException("killed between two batches");
    }
  }
}
