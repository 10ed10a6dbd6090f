package org.deepliftspark.job.cli;

import java.io.Closeable;

/** The rows of one input of a model. Any number of threads. */
interface InputRows extends Closeable {
  int rows();

  /** Rows {@code from} to {@code from + count}, {@code [count, shape...]}, channels-last. */
  float[] rows(int from, int count);

  @Override
  void close();
}
