package org.deepliftspark.engine;

/**
 * A well-formed model with something in it that no rule covers. The message lists every offending
 * node at once.
 */
public final class UnsupportedModelException extends DeepLiftException {
  public UnsupportedModelException(String message) {
    super(message);
  }
}
