package org.deepliftspark.engine.backend.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The adjoint of {@link PlaneConv}: one product gives what every position adds to its taps, a row
 * per tap, which are added to stretches of padded planes.
 */
final class PlaneConvTranspose implements Kernel {
  private final Cell m;
  private final Cell out;
  private final PaddedLines lines;
  private final Planes planes;
  private final FloatPointer weights;
  private final int mChannels;

  /**
   * @param m channels last, or in planes of windows with the columns of {@code lines}
   * @param out in the program's order
   * @param lines of the convolution whose adjoint this is
   * @param weights {@code [taps * channels, mChannels]}
   */
  PlaneConvTranspose(
      Cell m, Cell out, PaddedLines lines, int channels, FloatPointer weights, int mChannels) {
    this.m = m;
    this.out = out;
    this.lines = lines;
    this.planes = new Planes(lines, channels);
    this.weights = weights;
    this.mChannels = mChannels;
  }

  @Override
  public void run(Frame frame) {
    int stretch = lines.out()[0] * lines.pitch();
    int width = lines.columns() * stretch;
    Scratch padded = frame.own().scratch(0);
    pad(frame, padded, width);
    Scratch taps = frame.own().scratch(1);
    taps.reserve(planes.stretches() * width);
    Gemm.multiply(
        planes.stretches(),
        width,
        mChannels,
        weights,
        mChannels,
        padded.start(),
        mChannels,
        true,
        0f,
        taps.start(),
        width);
    float[] image = frame.array(0, out.size());
    planes.collect(sum(frame, taps.buffer(), stretch, width), image);
    out.write(frame, 0, image, out.size());
  }

  /** Ends of lines are zeros, which add nothing. */
  private void pad(Frame frame, Scratch padded, int width) {
    float[] from = m.read(frame, 0);
    float[] to = frame.array(1, width * mChannels);
    Arrays.fill(to, 0, width * mChannels, 0f);
    int height = m.layout().isTiled() ? m.layout().tiling().windowHeight() : 1;
    int count = lines.out()[1] / lines.columns() * mChannels;
    int at = 0;
    for (int first = 0; first < height; first++) {
      for (int column = 0; column < lines.columns(); column++) {
        for (int line = first; line < lines.out()[0]; line += height) {
          int row = (column * lines.out()[0] + line) * lines.pitch();
          System.arraycopy(from, at, to, row * mChannels, count);
          at += count;
        }
      }
    }
    padded.reserve(width * mChannels);
    padded.buffer().put(0, to, 0, width * mChannels);
  }

  /**
   * Adds the rows to planes. Each is brought to its place in an array of zeros first: only arrays
   * that are added from index 0 on are added fast.
   */
  private float[] sum(Frame frame, FloatBuffer rows, int stretch, int width) {
    int size = planes.plane();
    float[] sums = frame.array(1, planes.size());
    float[] sum = frame.array(2, size);
    float[] row = frame.array(3, size);
    Arrays.fill(row, 0, size, 0f);
    for (int plane = 0; plane < planes.count(); plane++) {
      Arrays.fill(sum, 0, size, 0f);
      for (int tap = 0; tap < planes.stretches(); tap++) {
        for (int column = 0; column < lines.columns(); column++) {
          int start = planes.start(tap, column) - plane * size;
          if (start >= 0 && start < size) {
            rows.get(tap * width + column * stretch, row, start, lines.rows());
            Tiles.add(sum, row, sum, size);
            Arrays.fill(row, start, start + lines.rows(), 0f);
          }
        }
      }
      System.arraycopy(sum, 0, sums, plane * size, size);
    }
    return sums;
  }
}
