package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The adjoint of a convolution of few channels with stride 1 and without dilation along one line:
 * one product gives what every position adds to its taps, which are neighbors. Positions are read
 * where they are, in whatever order they are stored.
 */
final class LineConvTranspose implements Kernel {
  private final Cell m;
  private final Cell out;
  private final ConvWeights weights;
  private final int channels;
  private final int padding;
  private final int[] positions;

  /**
   * @param m channels last, or in planes of windows
   * @param out in the program's order
   * @param weights see {@link ConvWeights#toTaps}
   */
  LineConvTranspose(Cell m, Cell out, ConvWeights weights, Windows windows) {
    this.m = m;
    this.out = out;
    this.weights = weights;
    this.channels = out.size() / windows.in[2];
    this.padding = windows.pad(2);
    this.positions = new int[windows.out[2]];
    Tiling tiling = m.layout().tiling();
    for (int position = 0; position < positions.length; position++) {
      positions[tiling == null ? position : tiling.stored(position)] = position;
    }
  }

  @Override
  public void run(Frame frame) {
    int rows = positions.length;
    int width = weights.outPerGroup();
    int sum = weights.inPerGroup();
    Scratch taps = frame.own().scratch(0);
    taps.reserve(rows * width);
    FloatPointer matrix = weights.matrix(0, 0);
    Gemm.multiply(
        rows, width, sum, m.pointer(frame, 0), sum, matrix, width, false, 0f, taps.start(), width);
    float[] added = frame.array(0, rows * width);
    taps.buffer().get(0, added, 0, rows * width);
    int padded = (rows - 1) * channels + width;
    float[] sums = frame.array(1, padded);
    Arrays.fill(sums, 0, padded, 0f);
    for (int row = 0; row < rows; row++) {
      add(added, row * width, sums, positions[row] * channels, width);
    }
    write(frame, sums, padded);
  }

  private static void add(float[] from, int at, float[] sums, int to, int count) {
    for (int i = 0; i < count; i++) {
      sums[to + i] += from[at + i];
    }
  }

  /** Leaves the padding out, and puts every channel's positions together. */
  private void write(Frame frame, float[] sums, int padded) {
    float[] line = frame.array(2, out.size());
    int length = out.size() / channels;
    for (int x = 0; x < length; x++) {
      int from = (x + padding) * channels;
      boolean reached = from >= 0 && from < padded;
      for (int channel = 0; channel < channels; channel++) {
        line[channel * length + x] = reached ? sums[from + channel] : 0f;
      }
    }
    out.write(frame, 0, line, out.size());
  }
}
