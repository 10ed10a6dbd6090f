package org.deepliftspark.engine;

/**
 * Frees native memory once: when its owner has closed it and nobody uses it any more. Safe for many
 * threads.
 */
final class Lifetime {
  private final Runnable free;
  private int users;
  private boolean closed;

  Lifetime(Runnable free) {
    this.free = free;
  }

  /**
   * @throws IllegalStateException if the owner has closed it
   */
  synchronized void enter() {
    if (closed) {
      throw new IllegalStateException("The engine is closed: open another with DeepLift.open");
    }
    users++;
  }

  /** Once for each time that somebody has entered. */
  void leave() {
    boolean last;
    synchronized (this) {
      users--;
      last = closed && users == 0;
    }
    if (last) {
      free.run();
    }
  }

  /** Once more does nothing. */
  void close() {
    boolean last;
    synchronized (this) {
      last = !closed && users == 0;
      closed = true;
    }
    if (last) {
      free.run();
    }
  }
}
