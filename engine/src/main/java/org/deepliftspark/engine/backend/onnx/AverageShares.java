package org.deepliftspark.engine.backend.onnx;

import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;

/** What one cell of each window counts for in its average. */
final class AverageShares {
  private AverageShares() {}

  /** 1 / number of cells that count, per window, row-major over the windows. */
  static float[] of(PoolGeometry geometry, boolean countPadding, Shape in) {
    float[] shares = {1f};
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      int length = in.dim(axis + 1);
      int windows = geometry.outputLength(axis, length);
      float[] wider = new float[shares.length * windows];
      for (int i = 0; i < wider.length; i++) {
        wider[i] = shares[i / windows] / cells(geometry, countPadding, axis, i % windows, length);
      }
      shares = wider;
    }
    return shares;
  }

  private static int cells(
      PoolGeometry geometry, boolean countPadding, int axis, int window, int length) {
    if (countPadding) {
      return geometry.kernel()[axis];
    }
    int from = window * geometry.strides()[axis] - geometry.padsBegin()[axis];
    return Math.min(length, from + geometry.kernel()[axis]) - Math.max(0, from);
  }
}
