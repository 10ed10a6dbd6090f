package org.deepliftspark.engine.backend;

import java.util.SplittableRandom;

/** Where a case's numbers come from. */
enum Draw {
  /** Between -1 and 1. */
  UNIFORM,
  /** -1, 0 or 1: full of ties and zeros. */
  TIES,
  /** Between 0 and 1, 0 left out. */
  POSITIVE,
  /** Between -120 and 120: exponentials overflow in float. */
  WIDE;

  float number(SplittableRandom random) {
    return switch (this) {
      case UNIFORM -> (float) random.nextDouble(-1, 1);
      case TIES -> random.nextInt(-1, 2);
      case POSITIVE -> (float) random.nextDouble(1e-3, 1);
      case WIDE -> (float) random.nextDouble(-120, 120);
    };
  }
}
