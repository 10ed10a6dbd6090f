package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where the taps of a convolution fall. One entry per spatial axis; padding is explicit (importers
 * resolve "same", "valid" and "causal"), so that asymmetric padding needs no special case.
 *
 * @param strides step of the output, at least 1
 * @param padsBegin zeros before the first element
 * @param padsEnd zeros after the last element
 * @param dilations distance between taps, at least 1
 * @param groups number of channel groups; equal to the input channels for a depthwise convolution
 */
public record ConvGeometry(
    int[] strides, int[] padsBegin, int[] padsEnd, int[] dilations, int groups)
    implements Serializable {

  public static ConvGeometry plain(int spatialAxes) {
    int[] ones = new int[spatialAxes];
    Arrays.fill(ones, 1);
    return new ConvGeometry(ones, new int[spatialAxes], new int[spatialAxes], ones.clone(), 1);
  }

  public int spatialAxes() {
    return strides.length;
  }

  /** Length of the output along one spatial axis; not positive if the kernel does not fit. */
  public int outputLength(int axis, int inputLength, int kernel) {
    int span = dilations[axis] * (kernel - 1) + 1;
    int padded = inputLength + padsBegin[axis] + padsEnd[axis];
    return padded < span ? 0 : (padded - span) / strides[axis] + 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConvGeometry that
        && Arrays.equals(strides, that.strides)
        && Arrays.equals(padsBegin, that.padsBegin)
        && Arrays.equals(padsEnd, that.padsEnd)
        && Arrays.equals(dilations, that.dilations)
        && groups == that.groups;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(
        new Object[] {
          Arrays.hashCode(strides),
          Arrays.hashCode(padsBegin),
          Arrays.hashCode(padsEnd),
          Arrays.hashCode(dilations),
          groups
        });
  }

  @Override
  public String toString() {
    return "strides="
        + Arrays.toString(strides)
        + " pads="
        + Arrays.toString(padsBegin)
        + Arrays.toString(padsEnd)
        + " dilations="
        + Arrays.toString(dilations)
        + (groups == 1 ? "" : " groups=" + groups);
  }
}
