package org.deepliftspark.job;

import java.util.Locale;

/**
 * What a task computes at once.
 *
 * @param rows of a batch; 0 for what suits the executors' backend
 * @param bytesPerRow of intermediate values, over all models and strands
 * @param memoryBytes native memory of a task; 0 for the backend's own choice
 */
record BatchPlan(int rows, double bytesPerRow, long memoryBytes) {

  /** One line for people. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "Batch size: %s, with %.3g MB of intermediate values per row; memory per task: %s",
        rows > 0 ? String.format(Locale.ROOT, "%,d", rows) : "as suits the GPU",
        bytesPerRow / 1e6,
        memoryBytes > 0
            ? String.format(Locale.ROOT, "%.3g MB at most", memoryBytes / 1e6)
            : "auto, the backend's own bound");
  }
}
