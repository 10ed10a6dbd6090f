package org.deepliftspark.engine.backend.onnx;

import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.engine.program.Program;

/**
 * How much one call of a session computes: enough to make its overhead small, little enough to stay
 * in cache and in memory.
 *
 * @param rows rows per call; 1 where a call computes one row with several references
 * @param references references per call
 */
record CallSize(int rows, int references) {
  /**
   * Values of a call that share the caches; measured best on networks of 0.5 to 70 GFLOP per pair.
   */
  private static final double CACHE_BYTES = 64e6;

  private static final int MAX_ROWS = 32;
  private static final int MAX_GPU_ROWS = 1024;
  private static final int MAX_REFERENCES = 10;

  /** Fewer references per call make products small and overhead large. */
  private static final int MIN_REFERENCES = 4;

  static CallSize of(Program program, LeadLayout layout, long memoryBytes) {
    double perRow = Math.max(1, Cost.of(program).bytesPerRow());
    int references = program.sizes().references();
    if (!layout.rowByRow()) {
      return new CallSize(atLeastOne(bounded(perRow, memoryBytes, MAX_ROWS)), 1);
    } else if (!layout.dynamic()) {
      return new CallSize(1, references);
    }
    double perReference = perRow / references;
    int wanted =
        Math.max(MIN_REFERENCES, Math.min(MAX_REFERENCES, (int) (2 * CACHE_BYTES / perReference)));
    int allowed = memoryBytes == 0 ? wanted : (int) Math.min(wanted, memoryBytes / perReference);
    int calls = (references + atLeastOne(allowed) - 1) / atLeastOne(allowed);
    return new CallSize(1, (references + calls - 1) / calls);
  }

  /**
   * A GPU wants large calls: as many rows, or references of a row, as its memory holds.
   *
   * @param memoryBytes of the GPU that a call may take
   */
  static CallSize onGpu(Program program, LeadLayout layout, long memoryBytes) {
    double perRow = Math.max(1, Cost.of(program).bytesPerRow());
    int references = program.sizes().references();
    if (!layout.rowByRow()) {
      return new CallSize(atLeastOne((int) Math.min(MAX_GPU_ROWS, memoryBytes / perRow)), 1);
    } else if (!layout.dynamic()) {
      return new CallSize(1, references);
    }
    int allowed = atLeastOne((int) Math.min(references, memoryBytes / (perRow / references)));
    int calls = (references + allowed - 1) / allowed;
    return new CallSize(1, (references + calls - 1) / calls);
  }

  private static int bounded(double bytesPerRow, long memoryBytes, int most) {
    double bytes = memoryBytes == 0 ? CACHE_BYTES : Math.min(CACHE_BYTES, memoryBytes);
    return (int) Math.min(most, bytes / bytesPerRow);
  }

  private static int atLeastOne(int count) {
    return Math.max(1, count);
  }
}
