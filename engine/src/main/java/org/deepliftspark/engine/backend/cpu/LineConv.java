package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A convolution with stride 1 and without dilation along lines. The inputs of a line of taps are
 * neighbors in memory: a row of a matrix without anything gathered. Rows of neighboring positions
 * overlap, which BLAS does not allow, so there is a product for every so many-th position; see
 * {@link PaddedLines}.
 */
final class LineConv implements Kernel {
  private final Cell x;
  private final PaddedLines lines;
  private final FloatPointer[] matrices;
  private final Bias bias;
  private final int inChannels;
  private final int outChannels;
  private final LineResult result;

  /**
   * @param x channels last, or in planes of windows
   * @param weights per tap {@code [inChannels, outChannels]}, one after the other
   * @param bias null for none
   */
  LineConv(
      Cell x,
      Cell out,
      PaddedLines lines,
      FloatPointer weights,
      Bias bias,
      int inChannels,
      int outChannels) {
    this.x = x;
    this.lines = lines;
    this.bias = bias;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.result = new LineResult(out, lines, outChannels);
    this.matrices = new FloatPointer[lines.kernel()[0]];
    int size = lines.kernel()[1] * inChannels * outChannels;
    for (int line = 0; line < matrices.length; line++) {
      matrices[line] = weights.getPointer((long) line * size);
    }
  }

  @Override
  public void run(Frame frame) {
    Scratch padded = frame.own().scratch(0);
    pad(frame, padded);
    result.begin(frame, bias);
    int columns = lines.columns();
    int taps = lines.kernel()[1];
    int apart = (taps + columns - 1) / columns;
    int down = lines.dilation()[0] * lines.width();
    for (int first = 0; first < apart * columns; first++) {
      int rows = (lines.positions() - first + apart * columns - 1) / (apart * columns);
      for (int line = 0; line < matrices.length && rows > 0; line++) {
        Gemm.multiply(
            rows,
            outChannels,
            taps * inChannels,
            padded.at((line * down + first) * inChannels),
            apart * columns * inChannels,
            matrices[line],
            outChannels,
            false,
            bias == null && line == 0 ? 0f : 1f,
            result.at(frame, first % columns, first / columns),
            apart * outChannels);
      }
    }
    result.end(frame);
  }

  private void pad(Frame frame, Scratch padded) {
    int size = lines.lines() * lines.width() * inChannels;
    float[] from = x.read(frame, 0);
    float[] to = frame.array(1, size);
    Arrays.fill(to, 0, size, 0f);
    int first = Math.max(0, -lines.padding()[1]);
    int before = Math.max(0, lines.padding()[1]);
    int count = Math.max(0, Math.min(lines.in()[1] - first, lines.width() - before));
    for (int line = 0; line < lines.lines(); line++) {
      int source = line - lines.padding()[0];
      if (source >= 0 && source < lines.in()[0]) {
        copy(from, source, first, to, (line * lines.width() + before) * inChannels, count);
      }
    }
    padded.reserve(size);
    padded.buffer().put(0, to, 0, size);
  }

  /** Copies {@code count} positions of a line. */
  private void copy(float[] from, int line, int first, float[] to, int at, int count) {
    int position = line * lines.in()[1] + first;
    Tiling tiling = x.layout().tiling();
    if (tiling == null) {
      System.arraycopy(from, position * inChannels, to, at, count * inChannels);
      return;
    }
    for (int i = 0; i < count; i++) {
      int stored = tiling.stored(position + i) * inChannels;
      System.arraycopy(from, stored, to, at + i * inChannels, inChannels);
    }
  }
}
