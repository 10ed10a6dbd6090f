package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Products with constant matrices, and batch normalisation. */
final class DenseMappers {
  private DenseMappers() {}

  static Node gemm(NodeCall call) {
    OnnxNode node = call.node();
    if (node.flag("transA", false)) {
      throw new UnsupportedNode("transA=1 mixes the examples of a batch");
    }
    Node in = call.computed(0);
    OnnxArray matrix = call.constant(1, "weight");
    if (matrix.rank() != 2 || call.fileRank(in) != 2) {
      throw new IllegalArgumentException(
          "weight " + Arrays.toString(matrix.dims()) + " does not fit input " + in.shape());
    }
    call.requireBatchBefore(1, in);
    Tensor stored = matrix.tensor();
    Tensor weight =
        scaled(
            node.flag("transB", false) ? stored.permuted(1, 0) : stored, node.number("alpha", 1));
    return call.add(new Op.Dense(weight, gemmBias(call, weight.shape().dim(1))), in);
  }

  private static Tensor gemmBias(NodeCall call, int outputs) {
    if (!call.has(2)) {
      return null;
    }
    OnnxArray bias = call.constant(2, "bias");
    Tensor perExample = call.perExample(bias, call.computed(0).shape().rank());
    if (perExample.size() != outputs && perExample.size() != 1) {
      throw new IllegalArgumentException(
          "bias " + Arrays.toString(bias.dims()) + " does not fit " + outputs + " outputs");
    }
    Tensor full =
        perExample.size() == outputs
            ? perExample
            : Tensor.filled(perExample.data()[0], Shape.of(outputs));
    return scaled(full.reshaped(outputs), call.node().number("beta", 1));
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    if (factor == 1) {
      return tensor;
    }
    float[] data = tensor.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] *= factor;
    }
    return Tensor.of(data, tensor.shape());
  }

  /** A third input, which {@link PatternFusion} puts there, is the bias. */
  static Node matMul(NodeCall call) {
    if (call.isConstant(0)) {
      return constantFromLeft(call);
    }
    Node in = call.computed(0);
    if (!call.isConstant(1)) {
      return product(call, in, call.computed(1));
    }
    int[] dims = call.constant(1, "weight").dims();
    int rows = dims.length == 0 ? 0 : dims[dims.length == 1 ? 0 : dims.length - 2];
    boolean onlyMatrix =
        Arrays.stream(dims).limit(Math.max(0, dims.length - 2)).allMatch(dim -> dim == 1);
    if (!onlyMatrix || dims.length > call.fileRank(in)) {
      throw new UnsupportedNode("its weight " + Arrays.toString(dims) + " is a stack of matrices");
    }
    call.requireBatchBefore(Math.min(1, in.shape().rank()), in);
    if (in.shape().rank() == 0 || rows != in.shape().dim(-1)) {
      throw new IllegalArgumentException(
          "weight " + Arrays.toString(dims) + " does not fit input " + in.shape());
    }
    if (dims.length == 1) {
      Tensor column = call.constant(1, "weight").tensor(rows, 1);
      Node product = call.addHelper("product", new Op.Dense(column, null), in);
      return call.reshape(product, Arrays.copyOf(in.shape().dims(), in.shape().rank() - 1));
    }
    Tensor weight = call.constant(1, "weight").tensor(rows, dims[dims.length - 1]);
    Tensor bias = call.has(2) ? call.constant(2, "bias").tensor(weight.shape().dim(1)) : null;
    return call.add(new Op.Dense(weight, bias), in);
  }

  /** Both factors depend on the model's input, as in attention. */
  private static Node product(NodeCall call, Node left, Node right) {
    if (left.shape().rank() != right.shape().rank() || left.shape().rank() < 2) {
      throw new UnsupportedNode(
          "factors " + left.shape() + " and " + right.shape() + " mix the examples of a batch");
    }
    call.requireBatchBefore(2, left);
    return call.add(new Op.MatMul(), left, right);
  }

  /** {@code A x = (x^T A^T)^T}. */
  private static Node constantFromLeft(NodeCall call) {
    Node in = call.computed(1);
    OnnxArray left = call.constant(0, "factor");
    int rank = in.shape().rank();
    if (left.rank() != 2 || rank < 2) {
      throw new UnsupportedNode(
          "its constant factor " + Arrays.toString(left.dims()) + " stands left of " + in.shape());
    }
    if (left.dims()[1] != in.shape().dim(-2)) {
      throw new IllegalArgumentException(
          "factor " + Arrays.toString(left.dims()) + " does not fit input " + in.shape());
    }
    call.requireBatchBefore(2, in);
    int[] swap = new int[rank];
    Arrays.setAll(swap, axis -> axis == rank - 1 ? rank - 2 : axis == rank - 2 ? rank - 1 : axis);
    Node turned = call.addHelper("transposed", new Op.Transpose(swap), in);
    Node product =
        call.addHelper("product", new Op.Dense(left.tensor().permuted(1, 0), null), turned);
    return call.add(new Op.Transpose(swap), product);
  }

  static Node batchNormalization(NodeCall call) {
    OnnxNode node = call.node();
    if (node.flag("training_mode", false)) {
      throw new UnsupportedNode("it is in training mode. Export the model for inference");
    }
    if (!node.flag("spatial", true)) {
      throw new UnsupportedNode("spatial=0");
    }
    Node in = call.computed(0);
    if (in.shape().rank() == 0) {
      throw new IllegalArgumentException("input " + in.shape() + " has no channels");
    }
    int channels = in.shape().dim(0);
    OnnxArray scale = perChannel(call, 1, "scale", channels);
    OnnxArray shift = perChannel(call, 2, "B", channels);
    OnnxArray mean = perChannel(call, 3, "mean", channels);
    OnnxArray variance = perChannel(call, 4, "var", channels);
    double epsilon = node.number("epsilon", 1e-5f);
    float[] factors = new float[channels];
    float[] offsets = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double factor = scale.number(channel) / Math.sqrt(variance.number(channel) + epsilon);
      factors[channel] = (float) factor;
      offsets[channel] = (float) (shift.number(channel) - mean.number(channel) * factor);
    }
    return call.add(
        new Op.ChannelAffine(Tensor.of(factors, channels), Tensor.of(offsets, channels), 0), in);
  }

  private static OnnxArray perChannel(NodeCall call, int input, String what, int channels) {
    OnnxArray array = call.constant(input, what);
    if (array.size() != channels) {
      throw new IllegalArgumentException(
          what + " " + Arrays.toString(array.dims()) + " does not fit " + channels + " channels");
    }
    return array;
  }
}
