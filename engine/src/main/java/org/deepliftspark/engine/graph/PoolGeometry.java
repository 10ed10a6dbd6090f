package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Windows of a pooling layer; one entry per spatial axis. Cells in the padding never win a maximum;
 * whether an average counts them is said by the op.
 */
public record PoolGeometry(int[] kernel, int[] strides, int[] padsBegin, int[] padsEnd)
    implements Serializable {

  public int spatialAxes() {
    return kernel.length;
  }

  public int outputLength(int axis, int inputLength) {
    int padded = inputLength + padsBegin[axis] + padsEnd[axis];
    return padded < kernel[axis] ? 0 : (padded - kernel[axis]) / strides[axis] + 1;
  }

  /** True if no cell lies in two windows. */
  public boolean disjoint() {
    for (int axis = 0; axis < kernel.length; axis++) {
      if (strides[axis] < kernel[axis]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PoolGeometry that
        && Arrays.equals(kernel, that.kernel)
        && Arrays.equals(strides, that.strides)
        && Arrays.equals(padsBegin, that.padsBegin)
        && Arrays.equals(padsEnd, that.padsEnd);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(
        new int[] {
          Arrays.hashCode(kernel),
          Arrays.hashCode(strides),
          Arrays.hashCode(padsBegin),
          Arrays.hashCode(padsEnd)
        });
  }

  @Override
  public String toString() {
    return "kernel="
        + Arrays.toString(kernel)
        + " strides="
        + Arrays.toString(strides)
        + " pads="
        + Arrays.toString(padsBegin)
        + Arrays.toString(padsEnd);
  }
}
