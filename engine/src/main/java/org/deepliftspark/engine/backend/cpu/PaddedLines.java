package org.deepliftspark.engine.backend.cpu;

/**
 * A convolution with stride 1 over lines of positions, as its kernels see it: lines are padded, and
 * stored so that every product runs over all lines at once, the ends of lines included. What comes
 * out there means nothing and is left out in the end. Where the result is wanted in planes of
 * windows, every window's column of positions is computed apart, so that it lies together.
 *
 * @param in lines and positions of what is read
 * @param out lines and positions of what is computed
 * @param kernel lines and positions of the taps
 * @param padding what comes before the first line and position; negative where they are left out
 * @param dilation distance of the taps
 * @param columns positions of a window's line; 1 for results in the program's order
 */
record PaddedLines(int[] in, int[] out, int[] kernel, int[] padding, int[] dilation, int columns) {

  static PaddedLines of(Windows windows, boolean adjoint, int columns) {
    int[] kernel = {windows.kernel[1], windows.kernel[2]};
    int[] padding = {windows.pad(1), windows.pad(2)};
    int[] dilation = {windows.dilation(1), windows.dilation(2)};
    int[] in = {windows.in[1], windows.in[2]};
    int[] out = {windows.out[1], windows.out[2]};
    if (!adjoint) {
      return new PaddedLines(in, out, kernel, padding, dilation, columns);
    }
    int[] flipped = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      flipped[axis] = (kernel[axis] - 1) * dilation[axis] - padding[axis];
    }
    return new PaddedLines(out, in, kernel, flipped, dilation, columns);
  }

  /** Whether a convolution can be seen so. */
  static boolean fits(Windows windows) {
    boolean plane = windows.in[0] == 1 && windows.out[0] == 1 && windows.kernel[0] == 1;
    return plane && windows.pad(0) == 0 && windows.stride(1) == 1 && windows.stride(2) == 1;
  }

  /** Lines that are read, padding included. */
  int lines() {
    return out[0] + (kernel[0] - 1) * dilation[0];
  }

  /** Rows of a product that belong to one line. */
  int pitch() {
    int width = out[1] + (kernel[1] - 1) * dilation[1];
    return (width + columns - 1) / columns;
  }

  /** Positions of a padded line. */
  int width() {
    return pitch() * columns;
  }

  /** Positions of all lines of the result, ends included but for the last one. */
  int positions() {
    return (out[0] - 1) * width() + out[1];
  }

  /** Rows of a product: all lines of a window's column, the last one without its end. */
  int rows() {
    return (out[0] - 1) * pitch() + out[1] / columns;
  }
}
