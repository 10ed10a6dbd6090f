package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A convolution along a line with stride 1, or its adjoint: one product of matrices per tap, over
 * the positions for which the tap lies inside. Nothing is gathered and nothing padded, whatever the
 * dilation.
 */
final class ShiftedConv implements Kernel {
  private final Cell x;
  private final Cell out;
  private final Start start;
  private final int first;
  private final int inChannels;
  private final int outChannels;
  private final Tap[] taps;

  /** Rows {@code from} to {@code to} of the result read those {@code shift} further on. */
  private record Tap(int from, int to, int shift, FloatPointer weight) {}

  /**
   * @param weights those of {@link ConvWeights#flipped} for the adjoint
   * @param start null for zeros
   */
  ShiftedConv(
      Cell x, Cell out, ConvWeights weights, Windows windows, Start start, boolean adjoint) {
    this.x = x;
    this.out = out;
    this.start = start;
    this.inChannels = weights.inPerGroup();
    this.outChannels = weights.outPerGroup();
    int rows = (adjoint ? windows.in : windows.out)[2];
    int read = (adjoint ? windows.out : windows.in)[2];
    this.taps = new Tap[weights.taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      int shift = windows.at(2, 0, tap) * (adjoint ? -1 : 1);
      int from = Math.min(rows, Math.max(0, -shift));
      int to = Math.max(from, Math.min(rows, read - shift));
      int matrix = adjoint ? taps.length - 1 - tap : tap;
      taps[tap] = new Tap(from, to, shift, weights.matrix(0, matrix));
    }
    this.first = start == null ? covering(rows) : 0;
  }

  /** A tap that reaches all rows, which then need no zeros to be added to; 0 if there is none. */
  private int covering(int rows) {
    for (int tap = 0; tap < taps.length; tap++) {
      if (taps[tap].from() == 0 && taps[tap].to() == rows) {
        return tap;
      }
    }
    return 0;
  }

  @Override
  public void run(Frame frame) {
    boolean covers = start == null && taps[first].to() - taps[first].from() == rows();
    if (start != null) {
      start.write(frame, out);
    } else if (!covers) {
      Bias.NONE.write(frame, out);
    }
    for (int i = 0; i < taps.length; i++) {
      Tap tap = taps[(first + i) % taps.length];
      if (tap.to() > tap.from()) {
        Gemm.multiply(
            tap.to() - tap.from(),
            outChannels,
            inChannels,
            x.pointer(frame, (tap.from() + tap.shift()) * inChannels),
            inChannels,
            tap.weight(),
            outChannels,
            false,
            covers && i == 0 ? 0f : 1f,
            out.pointer(frame, tap.from() * outChannels),
            outChannels);
      }
    }
  }

  private int rows() {
    return out.size() / outChannels;
  }
}
