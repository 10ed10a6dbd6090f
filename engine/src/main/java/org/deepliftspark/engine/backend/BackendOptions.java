package org.deepliftspark.engine.backend;

import java.io.Serializable;

/**
 * @param precision of all arithmetic
 * @param memoryBytes memory of the processor that one workspace may use; 0 for the backend's own
 *     choice
 * @param gpu for backends on GPUs
 */
public record BackendOptions(Precision precision, long memoryBytes, GpuOptions gpu)
    implements Serializable {
  public static final BackendOptions DEFAULT = new BackendOptions(Precision.F32, 0);

  /** Without a wish about GPUs. */
  public BackendOptions(Precision precision, long memoryBytes) {
    this(precision, memoryBytes, GpuOptions.DEFAULT);
  }

  /** Arithmetic of a backend. */
  public enum Precision {
    F32,
    F64
  }
}
