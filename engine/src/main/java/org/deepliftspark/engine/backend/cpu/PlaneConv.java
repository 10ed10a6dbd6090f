package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A convolution of few channels with stride 1: the taps of all positions are rows of a matrix, each
 * one stretch of a padded plane, and that matrix is multiplied once; see {@link Planes}.
 */
final class PlaneConv implements Kernel {
  private final Cell x;
  private final PaddedLines lines;
  private final Planes planes;
  private final FloatPointer weights;
  private final Bias bias;
  private final int outChannels;
  private final LineResult result;

  /**
   * @param x in the program's order
   * @param weights {@code [taps * channels, outChannels]}
   * @param bias null for none
   */
  PlaneConv(
      Cell x,
      Cell out,
      PaddedLines lines,
      int channels,
      FloatPointer weights,
      Bias bias,
      int outChannels) {
    this.x = x;
    this.lines = lines;
    this.planes = new Planes(lines, channels);
    this.weights = weights;
    this.bias = bias;
    this.outChannels = outChannels;
    this.result = new LineResult(out, lines, outChannels);
  }

  @Override
  public void run(Frame frame) {
    int stretch = lines.out()[0] * lines.pitch();
    int width = lines.columns() * stretch;
    float[] spread = frame.array(1, planes.size());
    planes.fill(x.read(frame, 0), spread);
    Scratch taps = frame.own().scratch(0);
    taps.reserve(planes.stretches() * width);
    for (int tap = 0; tap < planes.stretches(); tap++) {
      for (int column = 0; column < lines.columns(); column++) {
        int to = tap * width + column * stretch;
        taps.buffer().put(to, spread, planes.start(tap, column), lines.rows());
      }
    }
    result.begin(frame, bias);
    Gemm.multiplyColumns(
        width - stretch + lines.rows(),
        outChannels,
        planes.stretches(),
        taps.start(),
        width,
        weights,
        outChannels,
        bias == null ? 0f : 1f,
        result.at(frame, 0, 0),
        outChannels);
    result.end(frame);
  }
}
