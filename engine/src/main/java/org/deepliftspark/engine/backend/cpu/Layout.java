package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.graph.Shape;

/**
 * In which order the numbers of a value are stored. A value of {@code channels x space} numbers is
 * stored position by position, all channels of a position together; {@link #ROW_MAJOR} is the order
 * of the program. A layout speaks of the flat array, so that a reshape never moves a number.
 *
 * @param channels length of the outer axis of the program's order, the inner one here
 * @param space number of positions
 */
record Layout(int channels, int space) {
  static final Layout ROW_MAJOR = new Layout(1, 1);

  static Layout of(int channels, int space) {
    return channels == 1 || space == 1 ? ROW_MAJOR : new Layout(channels, space);
  }

  /** Axis 0 last. */
  static Layout channelsLast(Shape shape) {
    return shape.rank() < 2 ? ROW_MAJOR : of(shape.dim(0), shape.size() / shape.dim(0));
  }

  boolean isRowMajor() {
    return equals(ROW_MAJOR);
  }

  /** Stored distance between neighbors along every axis, or null if no such numbers exist. */
  int[] strides(Shape shape) {
    int[] strides = shape.strides();
    if (isRowMajor()) {
      return strides;
    } else if (shape.rank() < 2 || shape.dim(0) != channels) {
      return null;
    }
    strides[0] = 1;
    for (int axis = 1; axis < strides.length; axis++) {
      strides[axis] *= channels;
    }
    return strides;
  }

  /** Where the number of a flat position of the program's order is stored. */
  int stored(int flat) {
    return isRowMajor() ? flat : flat % space * channels + flat / space;
  }

  /** Copies numbers from the program's order into this one. */
  void store(float[] flat, int from, int size, float[] stored) {
    for (int i = 0; i < size; i++) {
      stored[stored(i)] = flat[from + i];
    }
  }
}
