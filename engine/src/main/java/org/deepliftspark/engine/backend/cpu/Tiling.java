package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;

/**
 * An order of positions in which windows that lie side by side are planes: first what the first
 * cell of every window holds, then the second cells, and so on. What is done with the cells of
 * windows is then done number by number with whole planes.
 *
 * @param height lines of positions; 1 along a line
 * @param width positions of a line
 * @param windowHeight lines of a window
 * @param windowWidth positions of a window's line
 */
record Tiling(int height, int width, int windowHeight, int windowWidth) {
  /** Cells of windows for which planes pay, and fit in the caches. */
  private static final int MOST_TAPS = 16;

  private static final int MOST_NUMBERS = 8 * Tiles.SIZE;

  /** Null where the windows do not cover the positions exactly once, or are too large. */
  static Tiling of(Shape shape, PoolGeometry geometry) {
    int axes = geometry.spatialAxes();
    if (axes > 2) {
      return null;
    }
    int taps = 1;
    for (int axis = 0; axis < axes; axis++) {
      int kernel = geometry.kernel()[axis];
      taps *= kernel;
      if (geometry.strides()[axis] != kernel
          || geometry.padsBegin()[axis] != 0
          || geometry.padsEnd()[axis] != 0
          || shape.dim(axis + 1) % kernel != 0) {
        return null;
      }
    }
    if (taps == 1 || taps > MOST_TAPS || taps * shape.dim(0) > MOST_NUMBERS) {
      return null;
    }
    return axes == 1
        ? new Tiling(1, shape.dim(1), 1, geometry.kernel()[0])
        : new Tiling(shape.dim(1), shape.dim(2), geometry.kernel()[0], geometry.kernel()[1]);
  }

  int taps() {
    return windowHeight * windowWidth;
  }

  /** Number of windows: positions of a plane. */
  int windows() {
    return height * width / taps();
  }

  /** Where a position, counted line by line, is stored. */
  int stored(int position) {
    int y = position / width;
    int x = position % width;
    int tap = y % windowHeight * windowWidth + x % windowWidth;
    return tap * windows() + y / windowHeight * (width / windowWidth) + x / windowWidth;
  }
}
