package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.Map;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Functions;

/** Element-wise functions and Softmax. */
final class ActivationMappers {
  /** Defaults of the ONNX operators, from their specification. */
  private static final float LEAKY_RELU_ALPHA = 0.01f;

  private static final float ELU_ALPHA = 1f;
  private static final float CELU_ALPHA = 1f;
  private static final float HARD_SIGMOID_ALPHA = 0.2f;
  private static final float HARD_SIGMOID_BETA = 0.5f;
  private static final float THRESHOLDED_RELU_ALPHA = 1f;
  private static final float SHRINK_LAMBDA = 0.5f;
  private static final float SELU_ALPHA = 1.67326319217681884765625f;
  private static final float SELU_GAMMA = 1.05070102214813232421875f;

  private static final Map<Double, Kind> POWERS =
      Map.of(-1.0, Kind.RECIPROCAL, 0.5, Kind.SQRT, 2.0, Kind.SQUARE, 3.0, Kind.CUBE);

  private ActivationMappers() {}

  static NodeMapper plain(Kind kind) {
    return NodeMapper.single(call -> activation(call, ActivationFunction.of(kind)));
  }

  private static Node activation(NodeCall call, ActivationFunction function) {
    return call.add(new Op.Activation(function), call.computed(0));
  }

  /** Several nodes of the file that are a function of one variable. */
  static Node function(NodeCall call) {
    return activation(call, call.node().function());
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
    Tensor slopes = call.perExample(call.constant(1, "slope"), in.shape().rank());
    if (!Arrays.equals(
        Broadcast.dims(slopes.shape().dims(), in.shape().dims()), in.shape().dims())) {
      throw new IllegalArgumentException(
          "slope " + slopes.shape() + " does not fit input " + in.shape());
    }
    return activation(call, ActivationFunction.prelu(slopes));
  }

  static Node celu(NodeCall call) {
    return activation(
        call, ActivationFunction.of(Kind.CELU, call.node().number("alpha", CELU_ALPHA)));
  }

  static Node hardSigmoid(NodeCall call) {
    float alpha = call.node().number("alpha", HARD_SIGMOID_ALPHA);
    float beta = call.node().number("beta", HARD_SIGMOID_BETA);
    return activation(call, ActivationFunction.of(Kind.HARD_SIGMOID, alpha, beta));
  }

  static Node thresholdedRelu(NodeCall call) {
    float alpha = call.node().number("alpha", THRESHOLDED_RELU_ALPHA);
    return activation(call, ActivationFunction.of(Kind.THRESHOLDED_RELU, alpha));
  }

  static Node shrink(NodeCall call) {
    float width = call.node().number("lambd", SHRINK_LAMBDA);
    float bias = call.node().number("bias", 0);
    if (bias == 0 && width >= 0) {
      return Functions.hardShrink(call.graph(), call.node().name(), call.computed(0), width);
    } else if (width != bias || width < 0) {
      throw new UnsupportedNode(
          "bias " + bias + " and lambd " + width + " are not one number, nor is bias 0");
    }
    return activation(call, ActivationFunction.of(Kind.SOFT_SHRINK, width));
  }

  /** Powers whose slope has a closed form. */
  static Node power(NodeCall call) {
    Node in = call.computed(0);
    OnnxArray exponents = call.constant(1, "exponent");
    if (exponents.size() != 1) {
      throw new UnsupportedNode("its exponents differ");
    }
    double exponent = exponents.number(0);
    if (exponent == 1) {
      return call.add(new Op.Identity(), in);
    } else if (exponent == 4) {
      Node square =
          call.addHelper("square", new Op.Activation(ActivationFunction.of(Kind.SQUARE)), in);
      return call.add(new Op.Activation(ActivationFunction.of(Kind.SQUARE)), square);
    } else if (exponent == -0.5 || exponent == -2) {
      Kind base = exponent == -2 ? Kind.SQUARE : Kind.SQRT;
      Node power = call.addHelper("power", new Op.Activation(ActivationFunction.of(base)), in);
      return call.add(new Op.Activation(ActivationFunction.of(Kind.RECIPROCAL)), power);
    }
    Kind kind = POWERS.get(exponent);
    if (kind == null) {
      throw new UnsupportedNode(
          "exponent " + exponent + "; supported: -2, -1, -0.5, 0.5, 1, 2, 3, 4");
    }
    return call.add(new Op.Activation(ActivationFunction.of(kind)), in);
  }

  /** A lower bound of 0 alone is a ReLU. */
  static Node clip(NodeCall call) {
    float low = (float) bound(call, "min", 1, Double.NEGATIVE_INFINITY);
    float high = (float) bound(call, "max", 2, Double.POSITIVE_INFINITY);
    low = low <= -Float.MAX_VALUE ? Float.NEGATIVE_INFINITY : low;
    high = high >= Float.MAX_VALUE ? Float.POSITIVE_INFINITY : high;
    if (Float.isInfinite(low) && Float.isInfinite(high)) {
      return call.add(new Op.Identity(), call.computed(0));
    }
    return activation(
        call,
        low == 0 && Float.isInfinite(high)
            ? ActivationFunction.of(Kind.RELU)
            : ActivationFunction.clip(low, high));
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
    if (together) {
      call.requireBatchBefore(in.shape().rank() - axis, in);
    }
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
