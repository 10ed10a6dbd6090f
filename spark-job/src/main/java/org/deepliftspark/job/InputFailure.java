package org.deepliftspark.job;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.engine.InvalidInputException;

/** Tells, of what failed while Spark read the input, whether the user's files are the reason. */
final class InputFailure {
  private static final int DEEPEST = 50;

  /** How Spark and its formats say that a file is damaged, or has other columns or types. */
  private static final Pattern UNREADABLE =
      Pattern.compile(
          "while reading file|CSV header|Number of column in CSV|cannot be converted in file|is not a Parquet file"
              + "|FAILED_READ_FILE|CANNOT_READ_FILE_FOOTER");

  private InputFailure() {}

  /**
   * The failure to throw: one for the user if a file could not be read, otherwise the one that
   * came.
   */
  static RuntimeException explain(Exception failure, List<String> inputs) {
    Throwable reading = null;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof DeepLiftException ours) {
        return ours;
      }
      if (cause instanceof IOException) {
        return cannotRead(inputs, firstLine(cause), failure);
      }
      reading = reading == null && isOfAFile(cause) ? cause : reading;
      cause = cause.getCause();
    }
    if (reading != null) {
      String why = reading.getCause() == null ? "" : " " + onOneLine(reading.getCause());
      return cannotRead(inputs, onOneLine(reading) + why, failure);
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("Cannot prepare the input: " + firstLine(failure), failure);
  }

  private static boolean isOfAFile(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return !message.startsWith("Job aborted") && UNREADABLE.matcher(message).find();
  }

  private static InvalidInputException cannotRead(
      List<String> inputs, String reason, Exception failure) {
    return new InvalidInputException(
        "Cannot read " + String.join(", ", inputs) + ": " + reason, failure);
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null ? name : message.lines().findFirst().orElse(name);
  }

  private static String onOneLine(Throwable cause) {
    return cause.getMessage() == null
        ? cause.getClass().getSimpleName()
        : cause.getMessage().lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
