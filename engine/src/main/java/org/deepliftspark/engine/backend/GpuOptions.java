package org.deepliftspark.engine.backend;

import java.io.Serializable;
import java.util.Locale;

/**
 * How backends use a GPU; other backends pay no heed to it.
 *
 * @param device index of the GPU among those that the process sees
 * @param memoryBytes of the GPU that this process may take; 0 for what {@link Gpu} says is there
 * @param convSearch how cuDNN looks for the algorithm of a convolution
 * @param tf32 whether products may be rounded to 10 bits of mantissa; off, since rules divide small
 *     differences
 * @param concurrentCalls how many calls may be on the GPU at once, each with memory of its own
 */
public record GpuOptions(
    int device, long memoryBytes, ConvSearch convSearch, boolean tf32, int concurrentCalls)
    implements Serializable {
  public static final ConvSearch CONV_SEARCH_DEFAULT = ConvSearch.HEURISTIC;
  public static final int CONCURRENT_CALLS_DEFAULT = 2;
  public static final GpuOptions DEFAULT =
      new GpuOptions(0, 0, CONV_SEARCH_DEFAULT, false, CONCURRENT_CALLS_DEFAULT);

  /** cuDNN's ways to find an algorithm; {@link #EXHAUSTIVE} times them all for every new shape. */
  public enum ConvSearch {
    HEURISTIC,
    EXHAUSTIVE,
    DEFAULT;

    /** Name in options. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public GpuOptions {
    if (device < 0 || memoryBytes < 0 || concurrentCalls < 1) {
      throw new IllegalArgumentException(
          "Invalid device " + device + ", memory " + memoryBytes + " or calls " + concurrentCalls);
    }
  }

  /** The same on another GPU. */
  public GpuOptions onDevice(int other) {
    return new GpuOptions(other, memoryBytes, convSearch, tf32, concurrentCalls);
  }
}
