package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;

/**
 * The inputs of every window side by side, {@code [windows, taps * channels]}, for a group of
 * channels. Values are stored channels last, so that the taps of a line of a window are one stretch
 * of memory where nothing is dilated.
 */
final class Columns {
  private final Windows windows;
  private final int channels;
  private final int perGroup;
  private final int run;

  /**
   * @param channels of the input
   * @param perGroup channels of a group
   */
  Columns(Windows windows, int channels, int perGroup) {
    this.windows = windows;
    this.channels = channels;
    this.perGroup = perGroup;
    this.run = channels == perGroup && windows.dilation(2) == 1 ? windows.kernel[2] : 1;
  }

  int width() {
    return windows.taps() * perGroup;
  }

  /** What is done with {@code length} numbers of an image and of the columns. */
  private interface Run {
    void at(int image, int column, int length);
  }

  /** Copies windows {@code from} to {@code to} of an image into columns. */
  void gather(float[] image, int group, int from, int to, float[] columns) {
    Arrays.fill(columns, 0, (to - from) * width(), 0f);
    visit(
        group,
        from,
        to,
        (source, column, length) -> System.arraycopy(image, source, columns, column, length));
  }

  /** Adds columns to the cells of an image that they came from. */
  void scatter(float[] columns, int group, int from, int to, float[] image) {
    visit(
        group,
        from,
        to,
        (target, column, length) -> {
          for (int i = 0; i < length; i++) {
            image[target + i] += columns[column + i];
          }
        });
  }

  private void visit(int group, int from, int to, Run visitor) {
    int first = group * perGroup;
    int column = 0;
    for (int window = from; window < to; window++) {
      int x = window % windows.out[2];
      int y = window / windows.out[2] % windows.out[1];
      int z = window / windows.out[2] / windows.out[1];
      for (int k = 0; k < windows.kernel[0]; k++) {
        int depth = windows.at(0, z, k);
        for (int j = 0; j < windows.kernel[1]; j++) {
          int line = windows.at(1, y, j);
          if (depth >= 0 && depth < windows.in[0] && line >= 0 && line < windows.in[1]) {
            line(visitor, (depth * windows.in[1] + line) * windows.in[2], x, column, first);
          }
          column += windows.kernel[2] * perGroup;
        }
      }
    }
  }

  /** The taps of one line of a window, those outside left out. */
  private void line(Run visitor, int lineStart, int x, int column, int first) {
    for (int tap = 0; tap < windows.kernel[2]; tap += run) {
      int at = windows.at(2, x, tap);
      int skipped = Math.max(0, -at);
      int length = Math.min(run, windows.in[2] - at) - skipped;
      if (length > 0) {
        visitor.at(
            (lineStart + at + skipped) * channels + first,
            column + (tap + skipped) * perGroup,
            length * perGroup);
      }
    }
  }
}
