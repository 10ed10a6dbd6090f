package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;

/** Conv, over any number of spatial axes. */
final class ConvMapper {
  private ConvMapper() {}

  static Node map(NodeCall call) {
    Node in = call.computed(0);
    OnnxArray weight = call.constant(1, "kernel");
    if (weight.rank() < 3 || in.shape().rank() != weight.rank() - 1) {
      throw misfit(weight, in);
    }
    long groups = call.node().integer("group", 1);
    if (groups < 1
        || in.shape().dim(0) != weight.dims()[1] * groups
        || weight.dims()[0] % groups != 0) {
      throw misfit(weight, in);
    }
    int[] kernel = Arrays.copyOfRange(weight.dims(), 2, weight.rank());
    int[] declared = Windows.numbers(call.node(), "kernel_shape", kernel.length, 0, 1);
    if (call.node().has("kernel_shape") && !Arrays.equals(declared, kernel)) {
      throw new IllegalArgumentException(
          "kernel_shape "
              + Arrays.toString(declared)
              + " differs from kernel "
              + Arrays.toString(weight.dims()));
    }
    Windows windows = Windows.of(call.node(), in.shape(), kernel);
    ConvGeometry geometry =
        new ConvGeometry(
            windows.strides(),
            windows.padsBegin(),
            windows.padsEnd(),
            windows.dilations(),
            (int) groups);
    return call.add(new Op.Conv(weight.tensor(), bias(call, weight.dims()[0]), geometry), in);
  }

  private static IllegalArgumentException misfit(OnnxArray weight, Node in) {
    return new IllegalArgumentException(
        "kernel " + Arrays.toString(weight.dims()) + " does not fit input " + in.shape());
  }

  static Tensor bias(NodeCall call, int channels) {
    if (!call.has(2)) {
      return null;
    }
    OnnxArray bias = call.constant(2, "bias");
    if (bias.size() != channels) {
      throw new IllegalArgumentException(
          "bias " + Arrays.toString(bias.dims()) + " does not fit " + channels + " channels");
    }
    return bias.tensor(channels);
  }
}
