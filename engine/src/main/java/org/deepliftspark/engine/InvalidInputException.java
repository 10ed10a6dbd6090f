package org.deepliftspark.engine;

/** An option, an array or a row that does not fit the model. */
public final class InvalidInputException extends DeepLiftException {
  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
