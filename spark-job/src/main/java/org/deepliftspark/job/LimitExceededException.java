package org.deepliftspark.job;

/**
 * A limit that the user set was passed: too many rejected rows, or too large a convergence delta.
 * Exit status 3.
 */
public final class LimitExceededException extends RuntimeException {
  public LimitExceededException(String message) {
    super(message);
  }
}
