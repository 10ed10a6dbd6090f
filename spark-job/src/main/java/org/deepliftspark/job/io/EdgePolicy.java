package org.deepliftspark.job.io;

/** What becomes of a window that reaches beyond an end of its chromosome. */
public enum EdgePolicy {
  /** N stands for what is not there. */
  PAD,
  /** The row is rejected. */
  REJECT
}
