package org.deepliftspark.engine;

/** A model file that is damaged, truncated, or not a model at all. */
public final class ModelFormatException extends DeepLiftException {
  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
