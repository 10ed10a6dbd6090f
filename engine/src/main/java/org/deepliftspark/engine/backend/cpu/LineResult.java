package org.deepliftspark.engine.backend.cpu;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Where products over padded lines are made, and from where the lines without their ends are put
 * into a cell, see {@link PaddedLines}. Where lines have no ends, they are made in the cell at
 * once.
 */
final class LineResult {
  private final Cell out;
  private final PaddedLines lines;
  private final int channels;
  private final boolean direct;

  /**
   * @param out channels last, or in planes of windows with the columns of {@code lines}
   */
  LineResult(Cell out, PaddedLines lines, int channels) {
    this.out = out;
    this.lines = lines;
    this.channels = channels;
    boolean single = lines.out()[0] == 1;
    this.direct = single || !out.layout().isTiled() && lines.pitch() == lines.out()[1];
  }

  /** Numbers from one column of windows to the next. */
  private int plane() {
    return direct ? out.size() / lines.columns() : lines.out()[0] * lines.pitch() * channels;
  }

  /** Writes what products are added to. */
  void begin(Frame frame, Bias bias) {
    if (!direct) {
      Scratch scratch = frame.own().scratch(1);
      scratch.reserve(lines.columns() * plane());
      if (bias != null) {
        bias.fill(scratch.buffer(), lines.columns() * plane());
      }
    } else if (bias != null) {
      bias.write(frame, out);
    }
  }

  /** Where a row of the product of a column of windows goes. */
  FloatPointer at(Frame frame, int column, int row) {
    return direct
        ? out.pointer(frame, column * plane() + row * channels)
        : frame.own().scratch(1).at(column * plane() + row * channels);
  }

  /** Puts lines into the cell. */
  void end(Frame frame) {
    if (direct) {
      return;
    }
    FloatBuffer made = frame.own().scratch(1).buffer();
    float[] numbers = frame.array(0, out.size());
    int height = out.layout().isTiled() ? out.layout().tiling().windowHeight() : 1;
    int count = lines.out()[1] / lines.columns() * channels;
    int to = 0;
    for (int first = 0; first < height; first++) {
      for (int column = 0; column < lines.columns(); column++) {
        for (int line = first; line < lines.out()[0]; line += height) {
          int from = column * plane() + line * lines.pitch() * channels;
          made.get(from, numbers, to, count);
          to += count;
        }
      }
    }
    out.write(frame, 0, numbers, out.size());
  }
}
