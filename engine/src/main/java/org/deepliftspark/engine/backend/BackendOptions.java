package org.deepliftspark.engine.backend;

import java.io.Serializable;

/**
 * @param precision of all arithmetic
 * @param memoryBytes native memory that one workspace may use; 0 for the backend's own choice
 */
public record BackendOptions(Precision precision, long memoryBytes) implements Serializable {
  public static final BackendOptions DEFAULT = new BackendOptions(Precision.F32, 0);

  /** Arithmetic of a backend. */
  public enum Precision {
    F32,
    F64
  }
}
