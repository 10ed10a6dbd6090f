package org.deepliftspark.job.partition;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.deepliftspark.engine.DeepLift;

/**
 * The engines of this JVM: one per model and options, however many tasks there are. Safe for many
 * threads; tasks that ask for an engine that is being opened wait for it. Engines stay open for
 * later tasks, and the longest unused are closed when there are more than a few. None is closed
 * when the JVM ends: the system takes the memory back, and tasks may still be at it.
 */
public final class ExecutableCache {
  /** Unused engines that are kept; notebooks go back and forth between a few models. */
  private static final int MOST_IDLE = 2;

  private static final ExecutableCache INSTANCE = new ExecutableCache();

  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicLong opened = new AtomicLong();
  private int mostIdle = MOST_IDLE;

  ExecutableCache() {}

  /** The cache of this JVM. */
  public static ExecutableCache instance() {
    return INSTANCE;
  }

  /** An engine in use; close it to give it back. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean returned;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    public DeepLift engine() {
      return entry.engine;
    }

    @Override
    public synchronized void close() {
      if (!returned) {
        returned = true;
        giveBack(entry);
      }
    }
  }

  private static final class Entry {
    private DeepLift engine;
    private int users;
  }

  /**
   * Borrows the engine of a key, opening it if it is not there. A failure to open is not
   * remembered.
   */
  public Lease lease(String key, Supplier<DeepLift> opener) {
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, k -> new Entry());
      entry.users++;
    }
    try {
      synchronized (entry) {
        if (entry.engine == null) {
          entry.engine = opener.get();
          opened.incrementAndGet();
        }
      }
      return new Lease(entry);
    } catch (RuntimeException | Error e) {
      giveBack(entry);
      throw e;
    }
  }

  /** How many engines this JVM has opened so far. */
  public long opened() {
    return opened.get();
  }

  /**
   * Keeps at least so many unused engines from now on, as a job that averages over models needs.
   */
  void keepIdle(int engines) {
    synchronized (entries) {
      mostIdle = Math.max(mostIdle, engines);
    }
  }

  private void giveBack(Entry entry) {
    synchronized (entries) {
      entry.users--;
      closeIdle(mostIdle);
    }
  }

  /** Closes every engine that nobody uses. */
  public void closeIdle() {
    synchronized (entries) {
      closeIdle(0);
    }
  }

  private void closeIdle(int kept) {
    long idle = entries.values().stream().filter(entry -> entry.users == 0).count();
    Iterator<Entry> all = entries.values().iterator();
    while (all.hasNext() && idle > kept) {
      Entry entry = all.next();
      if (entry.users == 0) {
        all.remove();
        idle--;
        if (entry.engine != null) {
          entry.engine.close();
        }
      }
    }
  }
}
