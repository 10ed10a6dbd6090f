package org.deepliftspark.job.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** One quantity that varies while the others stay at the usual point. */
enum Sweep {
  LENGTH("bases of a sequence", true, 125, 250, 500, 1000, 2000, 4000, 8000),
  CHANNELS("channels of each layer", true, 16, 32, 64, 128, 256, 512),
  REFERENCES("references per row", false, 1, 2, 5, 10, 20, 50),
  BATCH("rows per call", false, 1, 2, 4, 8, 16, 32),
  THREADS("threads", false);

  private static final int LENGTH_USUAL = 1000;
  private static final int CHANNELS_USUAL = 64;
  private static final int REFERENCES_USUAL = 20;

  /** References of the points whose batches vary: few, so that a batch matters. */
  private static final int REFERENCES_OF_BATCHES = 1;

  private static final int LENGTH_OF_BATCHES = 250;

  private final String across;
  private final boolean onOneThreadToo;
  private final int[] values;

  Sweep(String across, boolean onOneThreadToo, int... values) {
    this.across = across;
    this.onOneThreadToo = onOneThreadToo;
    this.values = values;
  }

  /** What varies, in words. */
  String across() {
    return across;
  }

  /** Points on all processors, and on one thread where memory per task is of interest. */
  List<Point> points(int processors) {
    List<Point> points = new ArrayList<>();
    for (int threads : threads(processors)) {
      for (int value : this == THREADS ? new int[] {threads} : values) {
        points.add(point(value, threads));
      }
    }
    return points;
  }

  private int[] threads(int processors) {
    if (this == THREADS) {
      return IntStream.concat(
              IntStream.iterate(1, n -> n < processors, n -> 2 * n), IntStream.of(processors))
          .toArray();
    }
    return onOneThreadToo && processors > 1 ? new int[] {1, processors} : new int[] {processors};
  }

  private Point point(int value, int threads) {
    return switch (this) {
      case LENGTH -> new Point(value, CHANNELS_USUAL, REFERENCES_USUAL, threads, 0);
      case CHANNELS -> new Point(LENGTH_USUAL, value, REFERENCES_USUAL, threads, 0);
      case REFERENCES -> new Point(LENGTH_USUAL, CHANNELS_USUAL, value, threads, 0);
      case BATCH ->
          new Point(LENGTH_OF_BATCHES, CHANNELS_USUAL, REFERENCES_OF_BATCHES, threads, value);
      case THREADS -> new Point(LENGTH_USUAL, CHANNELS_USUAL, REFERENCES_USUAL, threads, 0);
    };
  }

  /** The value that a point has of what varies. */
  int valueOf(Point point) {
    return switch (this) {
      case LENGTH -> point.length();
      case CHANNELS -> point.channels();
      case REFERENCES -> point.references();
      case BATCH -> point.batch();
      case THREADS -> point.threads();
    };
  }

  static Sweep of(String name) {
    return Arrays.stream(values()).filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }
}
