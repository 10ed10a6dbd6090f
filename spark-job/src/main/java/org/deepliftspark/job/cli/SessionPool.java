package org.deepliftspark.job.cli;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.backend.Batch;

/** One session per thread, lent from call to call. Any number of threads. */
final class SessionPool implements AutoCloseable {
  private final BlockingQueue<DeepLift.Session> free = new LinkedBlockingQueue<>();
  private final int preferredRows;

  SessionPool(DeepLift engine, int threads) {
    for (int i = 0; i < threads; i++) {
      free.add(engine.newSession());
    }
    this.preferredRows = free.element().preferredRows();
  }

  int preferredRows() {
    return preferredRows;
  }

  Attribution attribute(Batch batch) throws InterruptedException {
    DeepLift.Session session = free.take();
    try {
      return session.attribute(batch);
    } finally {
      free.add(session);
    }
  }

  /** No session may be lent any more. */
  @Override
  public void close() {
    free.forEach(DeepLift.Session::close);
  }
}
