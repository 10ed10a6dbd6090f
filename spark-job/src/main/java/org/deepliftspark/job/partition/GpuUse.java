package org.deepliftspark.job.partition;

import java.io.Serializable;
import org.deepliftspark.engine.backend.GpuOptions;

/**
 * How the tasks of a job use GPUs.
 *
 * @param options for all; a task's own address takes the place of the device
 * @param mixed whether a task whose GPU cannot be used computes on the processor
 * @param otherwise the backend of such a task
 */
public record GpuUse(GpuOptions options, boolean mixed, String otherwise) implements Serializable {
  /** Name of the resource in Spark's settings. */
  public static final String RESOURCE = "gpu";

  public GpuUse onDevice(int device) {
    return new GpuUse(options.onDevice(device), mixed, otherwise);
  }
}
