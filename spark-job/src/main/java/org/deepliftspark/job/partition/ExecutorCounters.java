package org.deepliftspark.job.partition;

import java.util.concurrent.atomic.LongAdder;

/** What this JVM has done since it started, over all tasks, failed ones included. Thread-safe. */
public final class ExecutorCounters {
  public static final ExecutorCounters INSTANCE = new ExecutorCounters();

  final LongAdder rows = new LongAdder();
  final LongAdder pairs = new LongAdder();
  final LongAdder encodeNanos = new LongAdder();
  final LongAdder engineNanos = new LongAdder();
  final LongAdder codecNanos = new LongAdder();
  final LongAdder writeNanos = new LongAdder();

  private ExecutorCounters() {}

  public long rows() {
    return rows.sum();
  }

  /** Rows times their references. */
  public long pairs() {
    return pairs.sum();
  }

  public double encodeSeconds() {
    return encodeNanos.sum() / 1e9;
  }

  /** Forward and backward. */
  public double engineSeconds() {
    return engineNanos.sum() / 1e9;
  }

  public double codecSeconds() {
    return codecNanos.sum() / 1e9;
  }

  public double writeSeconds() {
    return writeNanos.sum() / 1e9;
  }
}
