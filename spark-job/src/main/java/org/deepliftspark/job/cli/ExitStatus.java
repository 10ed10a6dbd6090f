package org.deepliftspark.job.cli;

import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.job.LimitExceededException;

/** What a run ends with, as the launcher's exit status. */
enum ExitStatus {
  DONE(0),
  BUG(1),
  BAD_INPUT(2),
  LIMIT(3),
  INTERRUPTED(130);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /**
   * The cause that decides: the first of our own in the chain, as Spark wraps what its tasks throw.
   */
  static Throwable decisive(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 50; depth++) {
      if (of(cause) != BUG) {
        return cause;
      }
      cause = cause.getCause();
    }
    return failure;
  }

  /** The status that a failure stands for by itself. */
  static ExitStatus of(Throwable failure) {
    if (failure instanceof DeepLiftException) {
      return BAD_INPUT;
    }
    if (failure instanceof LimitExceededException) {
      return LIMIT;
    }
    return failure instanceof InterruptedException ? INTERRUPTED : BUG;
  }
}
