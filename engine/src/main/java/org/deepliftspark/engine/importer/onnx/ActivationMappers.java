package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Element-wise functions and Softmax. */
final class ActivationMappers {
  /** Defaults of the ONNX operators, from their specification. */
  private static final float LEAKY_RELU_ALPHA = 0.01f;

  private static final float ELU_ALPHA = 1f;
  private static final float SELU_ALPHA = 1.67326319217681884765625f;
  private static final float SELU_GAMMA = 1.05070102214813232421875f;

  private ActivationMappers() {}

  static NodeMapper plain(Kind kind) {
    return NodeMapper.single(call -> activation(call, ActivationFunction.of(kind)));
  }

  private static Node activation(NodeCall call, ActivationFunction function) {
    return call.add(new Op.Activation(function), call.computed(0));
  }

  static Node leakyRelu(NodeCall call) {
    return activation(
        call,
        ActivationFunction.of(Kind.LEAKY_RELU, call.node().number("alpha", LEAKY_RELU_ALPHA)));
  }

  static Node elu(NodeCall call) {
    return activation(
        call, ActivationFunction.of(Kind.ELU, call.node().number("alpha", ELU_ALPHA)));
  }

  static Node selu(NodeCall call) {
    float alpha = call.node().number("alpha", SELU_ALPHA);
    float gamma = call.node().number("gamma", SELU_GAMMA);
    if (Math.abs(alpha - SELU_ALPHA) > 1e-4f || Math.abs(gamma - SELU_GAMMA) > 1e-4f) {
      throw new UnsupportedNode(
          "alpha " + alpha + " and gamma " + gamma + " are not those of SELU");
    }
    return activation(call, ActivationFunction.of(Kind.SELU));
  }

  static Node gelu(NodeCall call) {
    String approximate = call.node().text("approximate", "none");
    return switch (approximate) {
      case "none" -> activation(call, ActivationFunction.of(Kind.GELU));
      case "tanh" -> activation(call, ActivationFunction.of(Kind.GELU_TANH));
      default -> throw new IllegalArgumentException("approximate '" + approximate + "' is unknown");
    };
  }

  static Node prelu(NodeCall call) {
    Node in = call.computed(0);
    Tensor slopes = NodeCall.perExample(call.constant(1, "slope"), in.shape().rank());
    if (!Arrays.equals(
        Broadcast.dims(slopes.shape().dims(), in.shape().dims()), in.shape().dims())) {
      throw new IllegalArgumentException(
          "slope " + slopes.shape() + " does not fit input " + in.shape());
    }
    return activation(call, ActivationFunction.prelu(slopes));
  }

  /** A lower bound of 0 is a ReLU; any other bound is a minimum or maximum with a constant. */
  static Node clip(NodeCall call) {
    Node in = call.computed(0);
    double low = bound(call, "min", 1, Double.NEGATIVE_INFINITY);
    double high = bound(call, "max", 2, Double.POSITIVE_INFINITY);
    boolean bounded = high < Float.MAX_VALUE;
    if (low > -Float.MAX_VALUE) {
      Op op =
          low == 0
              ? new Op.Activation(ActivationFunction.of(Kind.RELU))
              : new Op.Binary(Arithmetic.MAXIMUM);
      Node[] from = low == 0 ? new Node[] {in} : new Node[] {in, constant(call, "min", low)};
      in = bounded ? call.addHelper("lower", op, from) : call.add(op, from);
      if (!bounded) {
        return in;
      }
    }
    return bounded
        ? call.add(new Op.Binary(Arithmetic.MINIMUM), in, constant(call, "max", high))
        : call.add(new Op.Identity(), in);
  }

  private static Node constant(NodeCall call, String name, double value) {
    return call.graph().constant(call.node().name() + "/" + name, Tensor.scalar((float) value));
  }

  private static double bound(NodeCall call, String name, int input, double fallback) {
    return call.has(input)
        ? call.constant(input, name).scalar(name)
        : call.node().number(name, (float) fallback);
  }

  /**
   * Until opset 12 Softmax normalises over its axis and all after it together, since opset 13 over
   * its axis.
   */
  static Node softmax(NodeCall call) {
    Node in = call.computed(0);
    boolean together = call.opset() < 13;
    int axis = call.axis(call.node().integer("axis", together ? 1 : -1), in);
    int[] dims = in.shape().dims();
    int behind = 1;
    for (int later = axis + 1; later < dims.length; later++) {
      behind *= dims[later];
    }
    if (!together || behind == 1) {
      return call.add(new Op.Softmax(axis), in);
    }
    int[] merged = Arrays.copyOf(dims, axis + 1);
    merged[axis] *= behind;
    Node flat = call.addHelper("merged", new Op.Reshape(Shape.of(merged)), in);
    return call.reshape(call.addHelper("softmax", new Op.Softmax(axis), flat), dims);
  }
}
