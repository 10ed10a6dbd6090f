package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/** Measures how many rows an engine explains per second, on threads with a session each. */
public final class Throughput implements AutoCloseable {
  /** Longest stretch of the warm-up, in seconds. */
  private static final double MOST_WARM_UP_SECONDS = 2;

  /** Stretches of the warm-up that agree within this are stable. */
  private static final double STABLE = 0.05;

  private static final int MOST_STRETCHES = 5;

  private final List<Shape> shapes;
  private final CyclicBatches batches;
  private final List<DeepLift.Session> sessions = new ArrayList<>();
  private final ExecutorService pool;

  public Throughput(DeepLift engine, CyclicBatches batches, int threads) {
    this.shapes = engine.graph().inputs().stream().map(Node::shape).toList();
    this.batches = batches;
    this.pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      sessions.add(engine.newSession());
    }
  }

  /**
   * @param rowsPerSecond of all threads together
   * @param seconds until the last thread ended its last batch
   */
  public record Rate(double rowsPerSecond, double seconds) {}

  /**
   * Runs until compilers and caches have settled: two stretches in a row are about as fast.
   *
   * @param seconds what will be measured; no stretch is longer
   */
  public void warmUp(double seconds) throws InterruptedException {
    double stretch = Math.min(seconds, MOST_WARM_UP_SECONDS);
    double before = measure(stretch).rowsPerSecond();
    for (int i = 1; i < MOST_STRETCHES; i++) {
      double now = measure(stretch).rowsPerSecond();
      if (Math.abs(now - before) <= STABLE * before) {
        return;
      }
      before = now;
    }
  }

  /** Runs every thread for so long, and to the end of its last batch. */
  public Rate measure(double seconds) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(sessions.size());
    List<Future<Rate>> running = new ArrayList<>();
    for (DeepLift.Session session : sessions) {
      running.add(
          pool.submit(
              () -> {
                start.await();
                return run(session, seconds);
              }));
    }
    double rate = 0;
    double longest = 0;
    for (Future<Rate> future : running) {
      Rate one = result(future);
      rate += one.rowsPerSecond();
      longest = Math.max(longest, one.seconds());
    }
    return new Rate(rate, longest);
  }

  private Rate run(DeepLift.Session session, double seconds) {
    ScoreBuffers buffers = new ScoreBuffers(shapes);
    long start = System.nanoTime();
    double elapsed = 0;
    long rows = 0;
    while (elapsed < seconds) {
      Batch batch = batches.next();
      buffers.fill(session.attribute(batch));
      rows += batch.rows();
      elapsed = (System.nanoTime() - start) / 1e9;
    }
    if (Double.isNaN(buffers.lastDelta())) {
      throw new IllegalStateException("The engine gave numbers that are not finite");
    }
    return new Rate(rows / elapsed, elapsed);
  }

  private static Rate result(Future<Rate> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** What the first session computes for a batch. Not while measuring. */
  Attribution attribute(Batch batch) {
    return sessions.get(0).attribute(batch);
  }

  @Override
  public void close() {
    pool.shutdown();
    sessions.forEach(DeepLift.Session::close);
  }
}
