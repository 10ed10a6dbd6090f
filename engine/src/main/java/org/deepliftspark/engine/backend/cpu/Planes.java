package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;

/**
 * Padded lines of single channels, in the program's order, for convolutions of so few channels that
 * a tap of a line is too short for a product. A tap of a channel, for all positions of the result,
 * is one stretch of such a plane; where the result is wanted in columns of windows, every column's
 * positions lie together here too.
 */
final class Planes {
  private final PaddedLines lines;
  private final int channels;
  private final int[] starts;

  /**
   * @param lines as seen from the side with many channels
   */
  Planes(PaddedLines lines, int channels) {
    this.lines = lines;
    this.channels = channels;
    this.starts = starts();
  }

  /** Where the stretches start: per line of the kernel, tap, channel and column of windows. */
  private int[] starts() {
    int columns = lines.columns();
    int[] found = new int[taps() * channels * columns];
    int at = 0;
    for (int line = 0; line < lines.kernel()[0]; line++) {
      for (int tap = 0; tap < lines.kernel()[1]; tap++) {
        for (int channel = 0; channel < channels; channel++) {
          for (int column = 0; column < columns; column++) {
            int shift = column + tap * lines.dilation()[1];
            int down = line * lines.dilation()[0] * lines.pitch();
            int plane = (channel * columns + shift % columns) * plane();
            found[at++] = plane + down + shift / columns;
          }
        }
      }
    }
    return found;
  }

  private int taps() {
    return lines.kernel()[0] * lines.kernel()[1];
  }

  /** Stretches of one column of windows: taps times channels. */
  int stretches() {
    return starts.length / lines.columns();
  }

  /** Start of a stretch of a column of windows. */
  int start(int stretch, int column) {
    return starts[stretch * lines.columns() + column];
  }

  /** Numbers of one plane. */
  int plane() {
    return lines.lines() * lines.pitch();
  }

  /** Number of planes. */
  int count() {
    return channels * lines.columns();
  }

  /** Numbers of all planes. */
  int size() {
    return count() * plane();
  }

  /** Spreads an image in the program's order over planes. */
  void fill(float[] image, float[] planes) {
    Arrays.fill(planes, 0, size(), 0f);
    visit(
        (from, to, step, count) -> {
          if (step == 1) {
            System.arraycopy(image, from, planes, to, Math.max(0, count));
          } else {
            for (int i = 0; i < count; i++) {
              planes[to + i] = image[from + i * step];
            }
          }
        });
  }

  /** Puts an image together from planes; zeros where none reaches. */
  void collect(float[] planes, float[] image) {
    Arrays.fill(image, 0, channels * lines.in()[0] * lines.in()[1], 0f);
    visit(
        (to, from, step, count) -> {
          for (int i = 0; i < count; i++) {
            image[to + i * step] = planes[from + i];
          }
        });
  }

  /** Every {@code step}th number of an image from a place on, which are neighbors in a plane. */
  private interface Visitor {
    void at(int image, int plane, int step, int count);
  }

  private void visit(Visitor visitor) {
    int columns = lines.columns();
    int height = lines.in()[0];
    int width = lines.in()[1];
    for (int channel = 0; channel < channels; channel++) {
      for (int line = 0; line < lines.lines(); line++) {
        int source = line - lines.padding()[0];
        for (int column = 0; source >= 0 && source < height && column < columns; column++) {
          // the first position of the column that is not padding
          int skipped = Math.max(0, (lines.padding()[1] - column + columns - 1) / columns);
          int x = skipped * columns + column - lines.padding()[1];
          int count = Math.min((width - x + columns - 1) / columns, lines.pitch() - skipped);
          visitor.at(
              (channel * height + source) * width + x,
              (channel * columns + column) * plane() + line * lines.pitch() + skipped,
              columns,
              count);
        }
      }
    }
  }
}
