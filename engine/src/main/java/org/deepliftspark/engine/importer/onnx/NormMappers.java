package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Composites;
import org.deepliftspark.engine.importer.Functions;
import org.deepliftspark.engine.importer.LayerNodes;
import org.deepliftspark.engine.importer.LinearMaps;

/** Normalisation by the statistics of an example itself, norms, and sums of exponentials. */
final class NormMappers {
  /** Default of all ONNX normalisations. */
  private static final float EPSILON = 1e-5f;

  private static final float LRN_ALPHA = 1e-4f;
  private static final float LRN_BETA = 0.75f;

  /** Of the function that defines MeanVarianceNormalization. */
  private static final double MEAN_VARIANCE_EPSILON = 1e-9;

  private NormMappers() {}

  static Node layerNormalization(NodeCall call) {
    Node in = call.computed(0);
    int first = call.axis(call.node().integer("axis", -1), in);
    call.requireBatchBefore(in.shape().rank() - first, in);
    int[] axes = IntStream.range(first, in.shape().rank()).toArray();
    Node normalized = normalized(call, in, axes);
    Node scale = operand(call, 1, "scale", in.shape());
    Op multiply = new Op.Binary(Arithmetic.MULTIPLY);
    if (!call.has(2)) {
      return call.add(multiply, normalized, scale);
    }
    Node scaled = call.addHelper("scaled", multiply, normalized, scale);
    return call.add(new Op.Binary(Arithmetic.ADD), scaled, operand(call, 2, "bias", in.shape()));
  }

  private static Node normalized(NodeCall call, Node in, int[] axes) {
    double epsilon = call.node().number("epsilon", EPSILON);
    return Composites.normalized(call.graph(), call.node().name(), in, axes, epsilon, true);
  }

  private static Node operand(NodeCall call, int input, String what, Shape in) {
    Tensor tensor = call.perExample(call.constant(input, what), in.rank());
    if (!Arrays.equals(Broadcast.dims(tensor.shape().dims(), in.dims()), in.dims())) {
      throw new IllegalArgumentException(what + " " + tensor.shape() + " does not fit input " + in);
    }
    return call.graph().constant(call.node().name() + "/" + what, tensor);
  }

  static Node instanceNormalization(NodeCall call) {
    Node in = spatial(call);
    Node normalized = normalized(call, in, IntStream.range(1, in.shape().rank()).toArray());
    return perChannel(call, normalized, in.shape().dim(0));
  }

  static Node groupNormalization(NodeCall call) {
    Node in = spatial(call);
    int[] dims = in.shape().dims();
    int groups = Math.toIntExact(call.node().integer("num_groups", 1));
    if (groups < 1 || dims[0] % groups != 0) {
      throw new IllegalArgumentException(groups + " groups do not fit input " + in.shape());
    }
    int[] grouped = new int[dims.length + 1];
    System.arraycopy(dims, 1, grouped, 2, dims.length - 1);
    grouped[0] = groups;
    grouped[1] = dims[0] / groups;
    Node apart = call.addHelper("groups", new Op.Reshape(Shape.of(grouped)), in);
    Node normalized = normalized(call, apart, IntStream.range(1, grouped.length).toArray());
    String name = call.node().name() + "/joined";
    Node joined = call.graph().add(name, new Op.Reshape(in.shape()), true, normalized);
    return perChannel(call, joined, dims[0]);
  }

  private static Node spatial(NodeCall call) {
    Node in = call.computed(0);
    if (in.shape().rank() < 2) {
      throw new IllegalArgumentException("input " + in.shape() + " has no spatial axis");
    }
    return in;
  }

  /** Scale and bias hold a number per channel or, until opset 21, per group. */
  private static Node perChannel(NodeCall call, Node normalized, int channels) {
    Tensor scale = perChannel(call.constant(1, "scale"), channels);
    Tensor bias = perChannel(call.constant(2, "bias"), channels);
    return call.add(new Op.ChannelAffine(scale, bias, 0), normalized);
  }

  private static Tensor perChannel(OnnxArray array, int channels) {
    if (array.rank() != 1 || array.size() < 1 || channels % array.size() != 0) {
      throw new IllegalArgumentException(
          "scale or bias "
              + Arrays.toString(array.dims())
              + " does not fit "
              + channels
              + " channels");
    }
    float[] numbers = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      numbers[channel] = (float) array.number(channel / (channels / array.size()));
    }
    return Tensor.of(numbers, channels);
  }

  /** {@code x / (bias + alpha / size * sum of squares of neighbouring channels)^beta}. */
  static Node localResponse(NodeCall call) {
    Node in = spatial(call);
    int size = Math.toIntExact(call.node().integer("size", 0));
    int channels = in.shape().dim(0);
    if (size < 1) {
      throw new IllegalArgumentException("size " + size);
    }
    float[] near = LinearMaps.matrix(call.graph(), channels, channels);
    for (int k = 0; k < near.length; k++) {
      int away = k / channels - k % channels;
      near[k] = -((size - 1) / 2) <= away && away <= size / 2 ? 1 : 0;
    }
    LayerNodes nodes = call.nodes();
    Node square = nodes.apply("square", Kind.SQUARE, in);
    Tensor matrix = Tensor.of(near, channels, channels);
    Node sum = LinearMaps.along(call.graph(), call.node().name() + "/sum", square, 0, matrix);
    double alpha = call.node().number("alpha", LRN_ALPHA);
    Node scaled = nodes.combine("scaled", Arithmetic.MULTIPLY, sum, alpha / size);
    Node base = nodes.combine("base", Arithmetic.ADD, scaled, call.node().number("bias", 1));
    Node log = nodes.apply("log", Kind.LOG, base);
    Node times =
        nodes.combine("times", Arithmetic.MULTIPLY, log, call.node().number("beta", LRN_BETA));
    return nodes.combine("", Arithmetic.DIVIDE, in, nodes.apply("power", Kind.EXPONENTIAL, times));
  }

  /** {@code x / norm} along an axis; the opset has no bound that would keep it from 0. */
  static Node lpNormalization(NodeCall call) {
    Node in = call.computed(0);
    int axis = call.axis(call.node().integer("axis", -1), in);
    long p = call.node().integer("p", 2);
    if (p == 2) {
      return Functions.unit(call.graph(), call.node().name(), in, Float.MIN_NORMAL, axis);
    }
    LayerNodes nodes = call.nodes();
    Node terms = nodes.apply("terms", Kind.ABS, in);
    Node sum = nodes.reduce("sum", Reduction.SUM, terms, true, axis);
    return nodes.combine("", Arithmetic.DIVIDE, in, sum);
  }

  static Node meanVariance(NodeCall call) {
    Node in = call.computed(0);
    long[] given = call.node().integers("axes");
    if (given == null) {
      throw new UnsupportedNode("without axes it works along the batch axis");
    }
    int[] axes = call.axes(given, in);
    String name = call.node().name();
    Node normalized =
        Composites.normalized(call.graph(), name, in, axes, MEAN_VARIANCE_EPSILON, true);
    return call.add(new Op.Identity(), normalized);
  }

  static Node logSumExp(NodeCall call) {
    Node in = call.computed(0);
    int[] axes = PoolMappers.axes(call, in);
    return Composites.logSumExp(
        call.graph(), call.node().name(), in, axes, call.node().flag("keepdims", true));
  }

  static Node logSoftmax(NodeCall call) {
    Node in = call.computed(0);
    boolean together = call.opset() < 13;
    int axis = call.axis(call.node().integer("axis", together ? 1 : -1), in);
    if (together) {
      call.requireBatchBefore(in.shape().rank() - axis, in);
    }
    if (together && axis != in.shape().rank() - 1) {
      throw new UnsupportedNode("axis " + (axis + 1) + " of " + in.shape() + " before opset 13");
    }
    String name = call.node().name() + "/log_sum";
    Node sum = Composites.logSumExp(call.graph(), name, in, new int[] {axis}, true);
    return call.add(new Op.Binary(Arithmetic.SUBTRACT), in, sum);
  }

  /**
   * A sum of a function of the elements, and a function of it.
   *
   * @param inner null for the elements themselves
   * @param outer null for the sum itself
   */
  static NodeMapper sumOf(Kind inner, Kind outer) {
    return NodeMapper.single(
        call -> {
          Node in = call.computed(0);
          Op sum =
              new Op.Reduce(
                  Reduction.SUM, PoolMappers.axes(call, in), call.node().flag("keepdims", true));
          Node terms = inner == null ? in : call.addHelper("terms", function(inner), in);
          return outer == null
              ? call.add(sum, terms)
              : call.add(function(outer), call.addHelper("sum", sum, terms));
        });
  }

  private static Op function(Kind kind) {
    return new Op.Activation(ActivationFunction.of(kind));
  }
}
