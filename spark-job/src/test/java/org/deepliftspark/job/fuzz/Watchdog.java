package org.deepliftspark.job.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Runs work on a thread of its own and looks at what it takes. Time is the processor's, so that a
 * busy machine makes no failure; what waits without computing is given up after longer.
 */
final class Watchdog implements AutoCloseable {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MOST_LOOKS = 600;
  private static final long LOOK_MILLIS = 100;
  private static final int SHOWN_FRAMES = 25;

  private final long mostNanos;
  private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(1);
  private Thread thread;

  /**
   * @param mostNanos of a processor
   */
  Watchdog(long mostNanos) {
    this.mostNanos = mostNanos;
  }

  /**
   * How work ended.
   *
   * @param failure null if it came to its end
   * @param stuckAt where the thread was when it was given up; null if it was not
   * @param bytes allocated on the heap, by all threads of the process
   * @param nanos of its thread on a processor
   */
  record Result(Throwable failure, String stuckAt, long bytes, long nanos) {}

  Result run(Callable<?> task) throws InterruptedException {
    if (thread == null) {
      start();
    }
    CompletableFuture<Long> done = new CompletableFuture<>();
    long cpu = THREADS.getThreadCpuTime(thread.getId());
    long bytes = allocated();
    work.put(
        () -> {
          try {
            task.call();
            done.complete(0L);
          } catch (Throwable failure) {
            done.completeExceptionally(failure);
          }
        });
    Throwable failure = null;
    for (int look = 0; !done.isDone(); look++) {
      try {
        done.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        failure = e.getCause();
      } catch (TimeoutException e) {
        boolean busy = THREADS.getThreadCpuTime(thread.getId()) - cpu > mostNanos;
        if (busy || look > MOST_LOOKS) {
          return new Result(null, giveUp(), allocated() - bytes, mostNanos);
        }
      }
    }
    if (failure == null && done.isCompletedExceptionally()) {
      try {
        done.get();
      } catch (ExecutionException e) {
        failure = e.getCause();
      }
    }
    long nanos = THREADS.getThreadCpuTime(thread.getId()) - cpu;
    return new Result(failure, null, allocated() - bytes, nanos);
  }

  /** Parsers may spread work over other threads, which then allocate for it. */
  private static long allocated() {
    return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private void start() {
    BlockingQueue<Runnable> queue = work;
    thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  queue.take().run();
                }
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            },
            "fuzzed-parser");
    thread.setDaemon(true);
    thread.start();
  }

  /** Leaves the thread to itself: Java cannot end one that does not listen. */
  private String giveUp() {
    String frames =
        Arrays.stream(thread.getStackTrace())
            .limit(SHOWN_FRAMES)
            .map(frame -> "    at " + frame)
            .collect(Collectors.joining("\n"));
    close();
    return frames;
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }
}
