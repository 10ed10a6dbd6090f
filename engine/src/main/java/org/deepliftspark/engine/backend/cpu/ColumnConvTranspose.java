package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The adjoint of a convolution of any geometry: a product of matrices gives what every window adds
 * to its inputs, then the windows are added up.
 */
final class ColumnConvTranspose implements Kernel {
  /** Numbers of windows that are computed at once. */
  private static final int BLOCK = 1 << 16;

  private final Cell m;
  private final Cell out;
  private final Windows windows;
  private final Columns columns;
  private final ConvWeights weights;
  private final FloatPointer[] matrices;

  ColumnConvTranspose(Cell m, Cell out, ConvWeights weights, Windows windows) {
    this.m = m;
    this.out = out;
    this.windows = windows;
    this.weights = weights;
    this.columns =
        new Columns(windows, weights.inPerGroup() * weights.groups(), weights.inPerGroup());
    this.matrices = new FloatPointer[weights.groups()];
    for (int group = 0; group < matrices.length; group++) {
      matrices[group] = weights.matrix(group, 0);
    }
  }

  @Override
  public void run(Frame frame) {
    float[] image = frame.array(0, out.size());
    Arrays.fill(image, 0, out.size(), 0f);
    int width = columns.width();
    int block = Math.min(windows.outCells(), Math.max(1, BLOCK / width));
    float[] spread = frame.array(1, block * width);
    Scratch scratch = frame.own().scratch(0);
    scratch.reserve(block * width);
    int channels = weights.outPerGroup() * weights.groups();
    for (int group = 0; group < matrices.length; group++) {
      for (int from = 0; from < windows.outCells(); from += block) {
        int rows = Math.min(block, windows.outCells() - from);
        Gemm.multiply(
            rows,
            width,
            weights.outPerGroup(),
            m.pointer(frame, from * channels + group * weights.outPerGroup()),
            channels,
            matrices[group],
            weights.outPerGroup(),
            true,
            0f,
            scratch.start(),
            width);
        scratch.buffer().get(0, spread, 0, rows * width);
        columns.scatter(spread, group, from, from + rows, image);
      }
    }
    out.write(frame, 0, image, out.size());
  }
}
