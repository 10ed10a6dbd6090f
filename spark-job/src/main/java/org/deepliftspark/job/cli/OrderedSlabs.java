package org.deepliftspark.job.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Computes slabs of rows on several threads and hands the results over in the rows' order. */
final class OrderedSlabs {
  /** Slabs in work or waiting per thread: enough that none waits for a slow one before it. */
  private static final int AHEAD = 2;

  private OrderedSlabs() {}

  /** Computes rows {@code from} to {@code from + count}. */
  interface Work<T> {
    T compute(int from, int count) throws Exception;
  }

  /**
   * @param rows in all
   * @param slab rows at once
   * @param work called by {@code threads} threads
   * @param sink gets the results, on the caller's thread
   * @throws Exception the first failure in the rows' order; work that has begun is waited for
   */
  static <T> void run(int rows, int slab, int threads, Work<T> work, Consumer<T> sink)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Deque<Future<T>> pending = new ArrayDeque<>();
      for (int from = 0; from < rows || !pending.isEmpty(); ) {
        if (from < rows && pending.size() < AHEAD * threads) {
          pending.add(pool.submit(task(work, from, Math.min(slab, rows - from))));
          from += Math.min(slab, rows - from);
        } else {
          sink.accept(result(pending.remove()));
        }
      }
    } finally {
      pool.shutdownNow();
      awaitEnd(pool);
    }
  }

  private static <T> Callable<T> task(Work<T> work, int from, int count) {
    return () -> work.compute(from, count);
  }

  private static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Callers close what the threads use; that must not happen under their hands. */
  private static void awaitEnd(ExecutorService pool) throws InterruptedException {
    boolean ended = false;
    while (!ended) {
      ended = pool.awaitTermination(1, TimeUnit.MINUTES);
    }
  }
}
