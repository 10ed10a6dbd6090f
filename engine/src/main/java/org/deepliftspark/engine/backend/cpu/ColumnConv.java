package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A convolution of any geometry as products of matrices: windows are gathered as rows, a block of
 * them at a time.
 */
final class ColumnConv implements Kernel {
  /** Numbers gathered at once. */
  private static final int BLOCK = 1 << 16;

  private final Cell x;
  private final Cell out;
  private final Windows windows;
  private final Columns columns;
  private final ConvWeights weights;
  private final FloatPointer[] matrices;
  private final Bias bias;

  /**
   * @param bias null for none
   */
  ColumnConv(Cell x, Cell out, ConvWeights weights, Windows windows, Bias bias) {
    this.x = x;
    this.out = out;
    this.windows = windows;
    this.weights = weights;
    this.columns =
        new Columns(windows, weights.inPerGroup() * weights.groups(), weights.inPerGroup());
    this.matrices = new FloatPointer[weights.groups()];
    for (int group = 0; group < matrices.length; group++) {
      matrices[group] = weights.matrix(group, 0);
    }
    this.bias = bias;
  }

  @Override
  public void run(Frame frame) {
    if (bias != null) {
      bias.write(frame, out);
    }
    float[] image = x.read(frame, 0);
    int width = columns.width();
    int block = Math.min(windows.outCells(), Math.max(1, BLOCK / width));
    float[] gathered = frame.array(1, block * width);
    Scratch scratch = frame.own().scratch(0);
    scratch.reserve(block * width);
    int channels = weights.outPerGroup() * weights.groups();
    for (int group = 0; group < matrices.length; group++) {
      for (int from = 0; from < windows.outCells(); from += block) {
        int rows = Math.min(block, windows.outCells() - from);
        columns.gather(image, group, from, from + rows, gathered);
        scratch.buffer().put(0, gathered, 0, rows * width);
        Gemm.multiply(
            rows,
            weights.outPerGroup(),
            width,
            scratch.start(),
            width,
            matrices[group],
            weights.outPerGroup(),
            false,
            bias == null ? 0f : 1f,
            out.pointer(frame, from * channels + group * weights.outPerGroup()),
            channels);
      }
    }
  }
}
