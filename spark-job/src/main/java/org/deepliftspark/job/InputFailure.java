package org.deepliftspark.job;

import java.io.IOException;
import java.util.List;
import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.engine.InvalidInputException;

/** Tells, of what failed while Spark read the input, whether the user's files are the reason. */
final class InputFailure {

  private InputFailure() {}

  /**
   * The failure to throw: one for the user if a file could not be read, otherwise the one that
   * came.
   */
  static RuntimeException explain(Exception failure, List<String> inputs) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 50; depth++) {
      if (cause instanceof DeepLiftException ours) {
        return ours;
      }
      if (cause instanceof IOException) {
        return new InvalidInputException(
            "Cannot read " + String.join(", ", inputs) + ": " + reason(cause), failure);
      }
      cause = cause.getCause();
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("Cannot prepare the input: " + reason(failure), failure);
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null ? name : message.lines().findFirst().orElse(name);
  }
}
