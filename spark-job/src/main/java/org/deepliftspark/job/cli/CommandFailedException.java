package org.deepliftspark.job.cli;

/**
 * Ends a run under spark-submit or in a notebook, where nobody may call System.exit. It has no
 * stack trace, only the line.
 */
public final class CommandFailedException extends RuntimeException {
  private final int status;

  CommandFailedException(String message, int status) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The exit status that the launcher would have given. */
  public int status() {
    return status;
  }
}
