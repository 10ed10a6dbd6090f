package org.deepliftspark.engine.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes a graph's outputs in double with plain loops, straight from what {@link Op} says and
 * from nothing else: an independent judge of importers.
 */
public final class GraphEvaluator {
  private GraphEvaluator() {}

  /**
   * Returns every output of one example, channels-last, row-major.
   *
   * @param inputs one array per input of the graph, channels-last
   */
  public static Map<String, double[]> outputs(Graph graph, List<double[]> inputs) {
    List<double[]> values = values(graph, inputs);
    Map<String, double[]> outputs = new LinkedHashMap<>();
    graph
        .outputs()
        .forEach((name, node) -> outputs.put(name, userOrder(node, values.get(node.id()))));
    return outputs;
  }

  /** A node's numbers as users count them. */
  public static double[] userOrder(Node node, double[] stored) {
    double[] ordered = new double[stored.length];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] = stored[node.positionOf(i)];
    }
    return ordered;
  }

  /** Returns every node's numbers as stored. */
  public static List<double[]> values(Graph graph, List<double[]> inputs) {
    List<double[]> values = new ArrayList<>();
    int next = 0;
    for (Node node : graph.nodes()) {
      List<double[]> from = node.inputs().stream().map(values::get).toList();
      List<Shape> shapes = node.inputs().stream().map(id -> graph.node(id).shape()).toList();
      double[] value =
          node.op() instanceof Op.Input ? inputs.get(next++) : evaluate(node, from, shapes);
      if (value.length != node.shape().size()) {
        throw new IllegalStateException(
            node.name() + ": " + value.length + " numbers for shape " + node.shape());
      }
      values.add(value);
    }
    return values;
  }

  private static double[] evaluate(Node node, List<double[]> from, List<Shape> shapes) {
    Op op = node.op();
    if (op instanceof Op.Constant constant) {
      return doubles(constant.value());
    } else if (op instanceof Op.Concat concat) {
      return concat(concat, node.shape(), from, shapes);
    } else if (op instanceof Op.Binary binary) {
      return binary(binary, node.shape(), from, shapes);
    } else if (op instanceof Op.MatMul) {
      return matMul(node.shape(), from, shapes);
    }
    return unary(op, node.shape(), from.get(0), shapes.get(0));
  }

  private static double[] unary(Op op, Shape to, double[] x, Shape in) {
    if (op instanceof Op.Identity || op instanceof Op.Reshape) {
      return x.clone();
    } else if (op instanceof Op.Dense dense) {
      return dense(dense, x);
    } else if (op instanceof Op.Conv conv) {
      return conv(conv, to, x, in);
    } else if (op instanceof Op.ConvTranspose conv) {
      return convTranspose(conv, to, x, in);
    } else if (op instanceof Op.ChannelAffine affine) {
      return affine(affine, x, in);
    } else if (op instanceof Op.Activation activation) {
      return activation(activation.function(), x, in);
    } else if (op instanceof Op.Softmax softmax) {
      return softmax(x, in, softmax.axis());
    } else if (op instanceof Op.MaxPool pool) {
      return pool(pool.geometry(), to, x, in, true, false);
    } else if (op instanceof Op.AveragePool pool) {
      return pool(pool.geometry(), to, x, in, false, pool.countPadding());
    } else if (op instanceof Op.Reduce reduce) {
      return reduce(reduce, to, x, in);
    } else if (op instanceof Op.Transpose transpose) {
      return transpose(transpose, to, x, in);
    } else if (op instanceof Op.Slice slice) {
      return slice(slice, to, x, in);
    } else if (op instanceof Op.Pad pad) {
      return pad(pad, to, x, in);
    }
    throw new IllegalStateException("no evaluation of " + op.label());
  }

  private static double[] dense(Op.Dense dense, double[] x) {
    int in = dense.weight().shape().dim(0);
    int out = dense.weight().shape().dim(1);
    double[] y = new double[x.length / in * out];
    for (int i = 0; i < y.length; i++) {
      int unit = i % out;
      double sum = dense.bias() == null ? 0 : dense.bias().data()[unit];
      for (int k = 0; k < in; k++) {
        sum += x[i / out * in + k] * dense.weight().data()[k * out + unit];
      }
      y[i] = sum;
    }
    return y;
  }

  private static double[] matMul(Shape to, List<double[]> from, List<Shape> shapes) {
    double[] y = new double[to.size()];
    int rank = to.rank();
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      for (int k = 0; k < shapes.get(0).dim(-1); k++) {
        double product = 1;
        for (int operand = 0; operand < 2; operand++) {
          int[] source = at.clone();
          source[operand == 0 ? rank - 1 : rank - 2] = k;
          for (int axis = 0; axis < rank; axis++) {
            source[axis] = Math.min(source[axis], shapes.get(operand).dim(axis) - 1);
          }
          product *= from.get(operand)[flat(source, shapes.get(operand))];
        }
        y[i] += product;
      }
    }
    return y;
  }

  private static double[] conv(Op.Conv conv, Shape to, double[] x, Shape in) {
    ConvGeometry geometry = conv.geometry();
    Shape kernel = conv.weight().shape();
    int perGroup = to.dim(0) / geometry.groups();
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      double sum = conv.bias() == null ? 0 : conv.bias().data()[at[0]];
      for (int w = 0; w < kernel.size() / kernel.dim(0); w++) {
        int[] tap = index(at[0] * (kernel.size() / kernel.dim(0)) + w, kernel);
        int[] source = new int[in.rank()];
        source[0] = at[0] / perGroup * kernel.dim(1) + tap[1];
        boolean inside = true;
        for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
          int position =
              at[axis + 1] * geometry.strides()[axis]
                  - geometry.padsBegin()[axis]
                  + tap[axis + 2] * geometry.dilations()[axis];
          inside &= position >= 0 && position < in.dim(axis + 1);
          source[axis + 1] = position;
        }
        if (inside) {
          sum += x[flat(source, in)] * conv.weight().data()[flat(tap, kernel)];
        }
      }
      y[i] = sum;
    }
    return y;
  }

  /** Every cell of the input spreads its products over the cells that its taps fall on. */
  private static double[] convTranspose(Op.ConvTranspose conv, Shape to, double[] x, Shape in) {
    ConvGeometry geometry = conv.geometry();
    Shape kernel = conv.weight().shape();
    int perGroup = in.dim(0) / geometry.groups();
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length && conv.bias() != null; i++) {
      y[i] = conv.bias().data()[index(i, to)[0]];
    }
    for (int i = 0; i < x.length; i++) {
      int[] at = index(i, in);
      for (int w = 0; w < kernel.size() / kernel.dim(0); w++) {
        int[] tap = index(at[0] * (kernel.size() / kernel.dim(0)) + w, kernel);
        int[] target = new int[to.rank()];
        target[0] = at[0] / perGroup * kernel.dim(1) + tap[1];
        boolean inside = true;
        for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
          target[axis + 1] =
              at[axis + 1] * geometry.strides()[axis]
                  + tap[axis + 2] * geometry.dilations()[axis]
                  - geometry.padsBegin()[axis];
          inside &= target[axis + 1] >= 0 && target[axis + 1] < to.dim(axis + 1);
        }
        if (inside) {
          y[flat(target, to)] += x[i] * conv.weight().data()[flat(tap, kernel)];
        }
      }
    }
    return y;
  }

  private static double[] affine(Op.ChannelAffine affine, double[] x, Shape in) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      int channel = index(i, in)[affine.axis()];
      y[i] = x[i] * affine.scale().data()[channel] + affine.shift().data()[channel];
    }
    return y;
  }

  private static double[] activation(ActivationFunction function, double[] x, Shape in) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      double alpha =
          function.slopes() == null ? function.alpha() : broadcast(function.slopes(), index(i, in));
      y[i] =
          function.formula() == null
              ? activation(function.kind(), alpha, function.beta(), x[i])
              : formula(function.formula(), x[i]);
    }
    return y;
  }

  private static double activation(
      ActivationFunction.Kind kind, double alpha, double beta, double x) {
    return switch (kind) {
      case RELU -> Math.max(x, 0);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case LEAKY_RELU, PRELU -> x > 0 ? x : alpha * x;
      case ELU -> x > 0 ? x : alpha * Math.expm1(x);
      case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
      case SOFTPLUS -> softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case GELU -> x * normal(x);
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x / (1 + Math.exp(-x));
      case MISH -> x * Math.tanh(softplus(x));
      case EXPONENTIAL -> Math.exp(x);
      case CELU -> x > 0 ? x : alpha * Math.expm1(x / alpha);
      case LOG_SIGMOID -> -softplus(-x);
      case CLIP -> Math.min(Math.max(x, alpha), beta);
      case HARD_SIGMOID -> Math.max(0, Math.min(1, alpha * x + beta));
      case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case THRESHOLDED_RELU -> x > alpha ? x : beta;
      case HARD_SHRINK -> Math.abs(x) > alpha ? x : 0;
      case TANH_SHRINK -> x - Math.tanh(x);
      case SQUAREPLUS -> (x + Math.sqrt(x * x + alpha)) / 2;
      case SPARSE_PLUS -> x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x;
      case ERF -> 2 * normal(x * Math.sqrt(2)) - 1;
      case COMPOSITE -> throw new IllegalStateException("a composite has a formula");
      case SOFT_SHRINK -> Math.signum(x) * Math.max(Math.abs(x) - alpha, 0);
      case ABS -> Math.abs(x);
      case SQUARE -> x * x;
      case CUBE -> x * x * x;
      case SQRT -> Math.sqrt(x);
      case LOG -> Math.log(x);
      case RECIPROCAL -> 1 / x;
    };
  }

  private static double formula(Formula formula, double x) {
    double[] values = new double[formula.steps().size()];
    for (int i = 0; i < values.length; i++) {
      Formula.Step step = formula.steps().get(i);
      if (step instanceof Formula.Constant constant) {
        values[i] = constant.value();
      } else if (step instanceof Formula.Apply apply) {
        ActivationFunction f = apply.function();
        double in = values[apply.of()];
        values[i] =
            f.formula() == null
                ? activation(f.kind(), f.alpha(), f.beta(), in)
                : formula(f.formula(), in);
      } else if (step instanceof Formula.Combine combine) {
        values[i] =
            arithmetic(combine.arithmetic(), values[combine.first()], values[combine.second()]);
      } else if (step instanceof Formula.Compare compare) {
        double a = values[compare.first()];
        double b = values[compare.second()];
        values[i] = (compare.comparison() == Formula.Comparison.LESS ? a < b : a == b) ? 1 : 0;
      } else if (step instanceof Formula.Choose choose) {
        values[i] = values[values[choose.condition()] != 0 ? choose.yes() : choose.no()];
      } else {
        values[i] = x;
      }
    }
    return values[values.length - 1];
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** The normal distribution, by Simpson's rule: slow, and exact to 1e-12 for |x| below 8. */
  private static double normal(double x) {
    int steps = 2000;
    double width = x / steps;
    double sum = 0;
    for (int k = 0; k <= steps; k++) {
      double weight = k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-0.5 * (k * width) * (k * width));
    }
    return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
  }

  private static double[] softmax(double[] x, Shape in, int axis) {
    double[] y = new double[x.length];
    int stride = in.strides()[axis];
    int length = in.dim(axis);
    for (int i = 0; i < x.length; i++) {
      int start = i - index(i, in)[axis] * stride;
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < length; k++) {
        max = Math.max(max, x[start + k * stride]);
      }
      double sum = 0;
      for (int k = 0; k < length; k++) {
        sum += Math.exp(x[start + k * stride] - max);
      }
      y[i] = Math.exp(x[i] - max) / sum;
    }
    return y;
  }

  private static double[] pool(
      PoolGeometry geometry, Shape to, double[] x, Shape in, boolean max, boolean countPadding) {
    Shape window = Shape.of(geometry.kernel());
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      double best = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int cells = 0;
      for (int w = 0; w < window.size(); w++) {
        int[] tap = index(w, window);
        int[] source = new int[in.rank()];
        source[0] = at[0];
        boolean inside = true;
        for (int axis = 0; axis < window.rank(); axis++) {
          source[axis + 1] =
              at[axis + 1] * geometry.strides()[axis] - geometry.padsBegin()[axis] + tap[axis];
          inside &= source[axis + 1] >= 0 && source[axis + 1] < in.dim(axis + 1);
        }
        if (inside) {
          best = Math.max(best, x[flat(source, in)]);
          sum += x[flat(source, in)];
        }
        cells += inside || countPadding ? 1 : 0;
      }
      y[i] = max ? best : sum / cells;
    }
    return y;
  }

  private static double[] reduce(Op.Reduce reduce, Shape to, double[] x, Shape in) {
    Shape kept = in;
    for (int axis : reduce.axes()) {
      kept = kept.with(axis, 1);
    }
    double[] y = new double[to.size()];
    if (reduce.reduction() == Op.Reduction.MAX) {
      Arrays.fill(y, Double.NEGATIVE_INFINITY);
    }
    for (int i = 0; i < x.length; i++) {
      int[] at = index(i, in);
      for (int axis : reduce.axes()) {
        at[axis] = 0;
      }
      int target = flat(at, kept);
      y[target] =
          reduce.reduction() == Op.Reduction.MAX ? Math.max(y[target], x[i]) : y[target] + x[i];
    }
    if (reduce.reduction() == Op.Reduction.MEAN) {
      for (int i = 0; i < y.length; i++) {
        y[i] /= x.length / y.length;
      }
    }
    return y;
  }

  private static double[] transpose(Op.Transpose transpose, Shape to, double[] x, Shape in) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      int[] source = new int[at.length];
      for (int axis = 0; axis < at.length; axis++) {
        source[transpose.permutation()[axis]] = at[axis];
      }
      y[i] = x[flat(source, in)];
    }
    return y;
  }

  private static double[] slice(Op.Slice slice, Shape to, double[] x, Shape in) {
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      for (int axis = 0; axis < at.length; axis++) {
        at[axis] = slice.starts()[axis] + at[axis] * slice.steps()[axis];
      }
      y[i] = x[flat(at, in)];
    }
    return y;
  }

  private static double[] pad(Op.Pad pad, Shape to, double[] x, Shape in) {
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      boolean inside = true;
      for (int axis = 0; axis < at.length; axis++) {
        at[axis] -= pad.begin()[axis];
        inside &= at[axis] >= 0 && at[axis] < in.dim(axis);
      }
      y[i] = inside ? x[flat(at, in)] : pad.value();
    }
    return y;
  }

  private static double[] concat(
      Op.Concat concat, Shape to, List<double[]> from, List<Shape> shapes) {
    double[] y = new double[to.size()];
    int offset = 0;
    for (int k = 0; k < from.size(); k++) {
      for (int i = 0; i < from.get(k).length; i++) {
        int[] at = index(i, shapes.get(k));
        at[concat.axis()] += offset;
        y[flat(at, to)] = from.get(k)[i];
      }
      offset += shapes.get(k).dim(concat.axis());
    }
    return y;
  }

  private static double[] binary(
      Op.Binary binary, Shape to, List<double[]> from, List<Shape> shapes) {
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      int[] at = index(i, to);
      double a = from.get(0)[broadcast(shapes.get(0), at)];
      double b = from.get(1)[broadcast(shapes.get(1), at)];
      y[i] = arithmetic(binary.arithmetic(), a, b);
    }
    return y;
  }

  private static double arithmetic(Op.Arithmetic arithmetic, double a, double b) {
    return switch (arithmetic) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MINIMUM -> Math.min(a, b);
      case MAXIMUM -> Math.max(a, b);
    };
  }

  private static double broadcast(Tensor tensor, int[] at) {
    return tensor.data()[broadcast(tensor.shape(), at)];
  }

  /**
   * Where a smaller array, aligned at the last axis, has the number for a place in a larger one.
   */
  private static int broadcast(Shape shape, int[] at) {
    int position = 0;
    int[] strides = shape.strides();
    for (int axis = 0; axis < shape.rank(); axis++) {
      position += shape.dim(axis) == 1 ? 0 : at[at.length - shape.rank() + axis] * strides[axis];
    }
    return position;
  }

  private static int[] index(int flat, Shape shape) {
    int[] at = new int[shape.rank()];
    int rest = flat;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return at;
  }

  private static int flat(int[] at, Shape shape) {
    int position = 0;
    for (int axis = 0; axis < at.length; axis++) {
      position = position * shape.dim(axis) + at[axis];
    }
    return position;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.data()[i];
    }
    return values;
  }
}
