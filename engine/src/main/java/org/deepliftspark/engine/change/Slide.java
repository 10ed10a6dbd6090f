package org.deepliftspark.engine.change;

/**
 * How a node's positions lie over those of the node it reads: position {@code o} reads {@code o *
 * stride - pad + tap * dilation} for each tap.
 *
 * @param taps at least 1
 * @param stride at least 1; 0 in {@link #WHOLE} alone
 * @param dilation at least 1
 * @param pad positions before the first one; negative where the first ones are not read
 * @param fill what stands outside the source
 */
record Slide(int taps, int stride, int dilation, int pad, float fill) {

  /** Each position reads its own. */
  static final Slide PLAIN = new Slide(1, 1, 1, 0, 0);

  /** A window that begins at the first position wherever the change is. */
  static final Slide WHOLE = new Slide(1, 0, 1, 0, 0);

  boolean isPlain() {
    return taps == 1 && stride == 1 && pad == 0;
  }

  /** The first position that reads position {@code source} or a later one; may be negative. */
  int first(int source) {
    return -Math.floorDiv((taps - 1) * dilation - source - pad, stride);
  }

  /** Behind the last position that reads a position before {@code end}. */
  int end(int end) {
    return Math.floorDiv(end - 1 + pad, stride) + 1;
  }

  /** The first position of the source that a window from {@code start} on reads. */
  int from(int start) {
    return start * stride - pad;
  }

  /** How many positions of the source a window of so many positions spans. */
  int span(int width) {
    return (width - 1) * stride + (taps - 1) * dilation + 1;
  }
}
