package org.deepliftspark.engine.importer.keras;

import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Shape;

/**
 * How kernels and pools are laid over the axes of a tensor: Keras's "same", "valid" and "causal"
 * made explicit.
 *
 * @param strides per spatial axis
 * @param dilations per spatial axis
 * @param padsBegin per spatial axis
 * @param padsEnd per spatial axis
 */
record Windows(int[] strides, int[] dilations, int[] padsBegin, int[] padsEnd) {

  /**
   * @param shape of the channels-first input
   * @param kernel taps per spatial axis
   */
  static Windows of(
      Config config, String padding, Shape shape, int[] kernel, int[] strides, int[] dilations) {
    int[] begin = new int[kernel.length];
    int[] end = new int[kernel.length];
    for (int axis = 0; axis < kernel.length; axis++) {
      int length = shape.dim(axis + 1);
      long span = (long) dilations[axis] * (kernel[axis] - 1) + 1;
      long missing =
          switch (padding) {
            case "valid" -> 0;
            case "causal" -> span - 1;
            case "same" ->
                Math.max(0, (outputs(length, strides[axis]) - 1) * strides[axis] + span - length);
            default -> throw invalid(config, padding);
          };
      if (span > length + missing || missing > Integer.MAX_VALUE / 2) {
        throw new ModelFormatException(
            "Invalid layer '%s' in %s: a window of %d positions does not fit an input of %d (padding '%s')"
                .formatted(config.layer(), config.file(), span, length, padding));
      }
      begin[axis] = (int) (padding.equals("causal") ? missing : missing / 2);
      end[axis] = (int) missing - begin[axis];
    }
    return new Windows(strides, dilations, begin, end);
  }

  private static long outputs(int length, int stride) {
    return (length + (long) stride - 1) / stride;
  }

  private static ModelFormatException invalid(Config config, String padding) {
    return new ModelFormatException(
        "Invalid padding of layer '%s' in %s: expected valid, same or causal, found '%s'"
            .formatted(config.layer(), config.file(), padding));
  }
}
