package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.graph.Shape;

/**
 * In which order the numbers of a value are stored. A value of {@code channels x space} numbers is
 * stored position by position, all channels of a position together; {@link #ROW_MAJOR} is the order
 * of the program. A layout speaks of the flat array, so that a reshape never moves a number.
 *
 * @param channels length of the outer axis of the program's order, the inner one here
 * @param space number of positions
 * @param tiling order of the positions; null for that of the program
 */
record Layout(int channels, int space, Tiling tiling) {
  static final Layout ROW_MAJOR = new Layout(1, 1, null);

  static Layout of(int channels, int space) {
    return channels == 1 || space == 1 ? ROW_MAJOR : new Layout(channels, space, null);
  }

  /** Axis 0 last. */
  static Layout channelsLast(Shape shape) {
    return shape.rank() < 2 ? ROW_MAJOR : of(shape.dim(0), shape.size() / shape.dim(0));
  }

  /** Axis 0 last, windows as planes. */
  static Layout tiled(Shape shape, Tiling tiling) {
    return new Layout(shape.dim(0), shape.size() / shape.dim(0), tiling);
  }

  boolean isRowMajor() {
    return equals(ROW_MAJOR);
  }

  boolean isTiled() {
    return tiling != null;
  }

  /** How many planes there are: cells of a window, or 1. */
  int planes() {
    return tiling == null ? 1 : tiling.taps();
  }

  /** Stored distance between neighbors along every axis, or null if no such numbers exist. */
  int[] strides(Shape shape) {
    int[] strides = shape.strides();
    if (isRowMajor()) {
      return strides;
    } else if (isTiled() || shape.rank() < 2 || shape.dim(0) != channels) {
      return null;
    }
    strides[0] = 1;
    for (int axis = 1; axis < strides.length; axis++) {
      strides[axis] *= channels;
    }
    return strides;
  }

  /**
   * Stored distance between neighbors along the axes of {@link #tileDims}.
   *
   * @param channels of a value, which a layout of the program's order does not know
   */
  int[] tileStrides(int channels, Tiling tiles) {
    int columns = tiles.width() / tiles.windowWidth();
    if (isTiled()) {
      int plane = tiles.windows() * channels;
      return new int[] {
        columns * channels, tiles.windowWidth() * plane, channels, plane, 1,
      };
    }
    int position = isRowMajor() ? 1 : channels;
    int line = tiles.width() * position;
    return new int[] {
      tiles.windowHeight() * line,
      line,
      tiles.windowWidth() * position,
      position,
      isRowMajor() ? tiles.width() * tiles.height() : 1
    };
  }

  /** Lines of windows, lines of a window, windows of a line, positions in them, channels. */
  static int[] tileDims(int channels, Tiling tiles) {
    return new int[] {
      tiles.height() / tiles.windowHeight(),
      tiles.windowHeight(),
      tiles.width() / tiles.windowWidth(),
      tiles.windowWidth(),
      channels
    };
  }

  /** Where the number of a flat position of the program's order is stored. */
  int stored(int flat) {
    if (isRowMajor()) {
      return flat;
    }
    int position = isTiled() ? tiling.stored(flat % space) : flat % space;
    return position * channels + flat / space;
  }

  /** Copies numbers from the program's order into this one. */
  void store(float[] flat, int from, int size, float[] stored) {
    for (int i = 0; i < size; i++) {
      stored[stored(i)] = flat[from + i];
    }
  }
}
