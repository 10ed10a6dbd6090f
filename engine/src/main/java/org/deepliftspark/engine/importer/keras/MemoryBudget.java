package org.deepliftspark.engine.importer.keras;

import org.deepliftspark.engine.ModelFormatException;

/**
 * How many bytes may be unpacked from one model file. Weights hardly compress, so a file that
 * declares many times its own size is damaged or made to exhaust memory; it is refused before
 * anything of that size is allocated.
 */
final class MemoryBudget {
  private static final long FLOOR = 64L << 20;
  private static final long EXPANSION = 16;

  private final String file;
  private final long limit;
  private long left;

  MemoryBudget(String file, long fileBytes) {
    this.file = file;
    this.limit = FLOOR + EXPANSION * fileBytes;
    this.left = limit;
  }

  /** Takes bytes off the budget. */
  void charge(long bytes, String what) {
    if (bytes < 0 || bytes > left) {
      throw new ModelFormatException(
          "Cannot read model %s: %s would unpack to %d bytes, more than a file of this size can hold (limit %d)"
              .formatted(file, what, bytes, limit));
    }
    left -= bytes;
  }

  long left() {
    return left;
  }
}
