package org.deepliftspark.engine.backend;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * What each instruction means for one element of its extent, in double and row-major; spatial ones
 * are in {@link OracleWindows}.
 */
final class OracleKernels {
  private OracleKernels() {}

  static double[] apply(Instruction instruction, List<double[]> operands) {
    double[] first = operands.get(0);
    if (instruction instanceof Instruction.Unary unary) {
      return Arrays.stream(first).map(x -> unary(unary.op(), x)).toArray();
    } else if (instruction instanceof Instruction.Binary binary) {
      return binary(binary, first, operands.get(1));
    } else if (instruction instanceof Instruction.Select select) {
      return select(select, first, operands.get(1), operands.get(2));
    } else if (instruction instanceof Instruction.Dense dense) {
      return dense(dense, first);
    } else if (instruction instanceof Instruction.MatMul product) {
      return matMul(product, first, operands.get(1));
    } else if (instruction instanceof Instruction.Reduce reduce) {
      return reduce(reduce, first);
    } else if (instruction instanceof Instruction.Expand expand) {
      return broadcast(first, expand.x().shape(), expand.out().shape());
    } else if (instruction instanceof Instruction.Reshape) {
      return first;
    } else if (instruction instanceof Instruction.Transpose transpose) {
      return transpose(transpose, first);
    } else if (instruction instanceof Instruction.Concat concat) {
      return concat(concat, operands);
    } else if (instruction instanceof Instruction.Slice slice) {
      return slice(slice, first);
    } else if (instruction instanceof Instruction.Unslice unslice) {
      return unslice(unslice, first);
    } else if (instruction instanceof Instruction.Pad pad) {
      return pad(pad, first);
    } else if (instruction instanceof Instruction.Softmax softmax) {
      return softmax(softmax, first);
    }
    return OracleWindows.apply(instruction, operands);
  }

  static double unary(UnaryOp op, double x) {
    return switch (op) {
      case NEGATE -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case RELU -> Math.max(x, 0);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case ERF -> erf(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    };
  }

  /**
   * {@code 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!}: all terms have one sign, so nothing
   * cancels.
   */
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 300; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  static double binary(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MINIMUM -> Math.min(a, b);
      case MAXIMUM -> Math.max(a, b);
      case EQUAL -> a == b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
    };
  }

  private static double[] binary(Instruction.Binary binary, double[] a, double[] b) {
    Shape shape = binary.out().shape();
    double[] left = broadcast(a, binary.a().shape(), shape);
    double[] right = broadcast(b, binary.b().shape(), shape);
    double[] out = new double[shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = binary(binary.op(), left[i], right[i]);
    }
    return out;
  }

  private static double[] select(
      Instruction.Select select, double[] condition, double[] a, double[] b) {
    Shape shape = select.out().shape();
    double[] when = broadcast(condition, select.condition().shape(), shape);
    double[] yes = broadcast(a, select.a().shape(), shape);
    double[] no = broadcast(b, select.b().shape(), shape);
    double[] out = new double[shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = when[i] != 0 ? yes[i] : no[i];
    }
    return out;
  }

  /** Repeats axes of length 1; a scalar fits every shape. */
  private static double[] broadcast(double[] x, Shape from, Shape to) {
    double[] out = new double[to.size()];
    for (int i = 0; i < out.length; i++) {
      int[] index = OracleWindows.index(i, to.dims());
      int source = 0;
      for (int axis = 0; axis < from.rank(); axis++) {
        source = source * from.dim(axis) + (from.dim(axis) == 1 ? 0 : index[axis]);
      }
      out[i] = x[source];
    }
    return out;
  }

  private static double[] dense(Instruction.Dense dense, double[] x) {
    float[] weight = dense.weight().data();
    int in = dense.x().shape().dim(-1);
    int outs = dense.out().shape().dim(-1);
    double[] out = new double[dense.out().shape().size()];
    for (int i = 0; i < out.length; i++) {
      int vector = i / outs;
      int unit = i % outs;
      double sum = bias(dense.bias(), unit);
      for (int j = 0; j < in; j++) {
        sum += x[vector * in + j] * weight[dense.transposed() ? unit * in + j : j * outs + unit];
      }
      out[i] = sum;
    }
    return out;
  }

  private static double[] matMul(Instruction.MatMul product, double[] a, double[] b) {
    Shape to = product.out().shape();
    int rank = to.rank();
    int terms = product.a().shape().dim(-1);
    double[] out = new double[to.size()];
    for (int i = 0; i < out.length; i++) {
      int[] left = OracleWindows.index(i, to.dims());
      int[] right = left.clone();
      for (int k = 0; k < terms; k++) {
        left[rank - 1] = k;
        right[rank - 2] = k;
        out[i] += at(a, product.a().shape(), left) * at(b, product.b().shape(), right);
      }
    }
    return out;
  }

  /** An element; along axes of length 1 the only one. */
  private static double at(double[] x, Shape shape, int[] index) {
    int position = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      position = position * shape.dim(axis) + (shape.dim(axis) == 1 ? 0 : index[axis]);
    }
    return x[position];
  }

  static double bias(Tensor bias, int unit) {
    return bias == null ? 0 : bias.data()[unit];
  }

  private static double[] reduce(Instruction.Reduce reduce, double[] x) {
    Shape from = reduce.x().shape();
    Shape to = reduce.out().shape();
    double[] out = new double[to.size()];
    Arrays.fill(out, reduce.reduction() == Reduction.MAX ? Double.NEGATIVE_INFINITY : 0);
    for (int i = 0; i < x.length; i++) {
      int[] index = OracleWindows.index(i, from.dims());
      for (int axis : reduce.axes()) {
        index[axis < 0 ? axis + index.length : axis] = 0;
      }
      int cell = OracleWindows.position(index, to.dims());
      switch (reduce.reduction()) {
        case SUM -> out[cell] += x[i];
        case MEAN -> out[cell] += x[i] * out.length / x.length;
        case MAX -> out[cell] = Math.max(out[cell], x[i]);
      }
    }
    return out;
  }

  private static double[] transpose(Instruction.Transpose transpose, double[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      int[] index = OracleWindows.index(i, transpose.out().shape().dims());
      int[] source = new int[index.length];
      for (int axis = 0; axis < index.length; axis++) {
        source[transpose.permutation()[axis]] = index[axis];
      }
      out[i] = x[OracleWindows.position(source, transpose.x().shape().dims())];
    }
    return out;
  }

  private static double[] concat(Instruction.Concat concat, List<double[]> operands) {
    int[] to = concat.out().shape().dims();
    int axis = concat.axis() < 0 ? concat.axis() + to.length : concat.axis();
    double[] out = new double[concat.out().shape().size()];
    int offset = 0;
    for (int part = 0; part < operands.size(); part++) {
      Value operand = concat.operands().get(part);
      for (int i = 0; i < operands.get(part).length; i++) {
        int[] index = OracleWindows.index(i, operand.shape().dims());
        index[axis] += offset;
        out[OracleWindows.position(index, to)] = operands.get(part)[i];
      }
      offset += operand.shape().dim(axis);
    }
    return out;
  }

  private static double[] slice(Instruction.Slice slice, double[] x) {
    double[] out = new double[slice.out().shape().size()];
    for (int i = 0; i < out.length; i++) {
      int[] index =
          stepped(
              OracleWindows.index(i, slice.out().shape().dims()), slice.starts(), slice.steps());
      out[i] = x[OracleWindows.position(index, slice.x().shape().dims())];
    }
    return out;
  }

  private static double[] unslice(Instruction.Unslice unslice, double[] m) {
    double[] out = new double[unslice.out().shape().size()];
    for (int i = 0; i < m.length; i++) {
      int[] index =
          stepped(
              OracleWindows.index(i, unslice.m().shape().dims()),
              unslice.starts(),
              unslice.steps());
      out[OracleWindows.position(index, unslice.out().shape().dims())] = m[i];
    }
    return out;
  }

  private static int[] stepped(int[] index, int[] starts, int[] steps) {
    for (int axis = 0; axis < index.length; axis++) {
      index[axis] = starts[axis] + index[axis] * steps[axis];
    }
    return index;
  }

  private static double[] pad(Instruction.Pad pad, double[] x) {
    double[] out = new double[pad.out().shape().size()];
    Arrays.fill(out, pad.value());
    for (int i = 0; i < x.length; i++) {
      int[] index = OracleWindows.index(i, pad.x().shape().dims());
      for (int axis = 0; axis < index.length; axis++) {
        index[axis] += pad.begin()[axis];
      }
      out[OracleWindows.position(index, pad.out().shape().dims())] = x[i];
    }
    return out;
  }

  private static double[] softmax(Instruction.Softmax softmax, double[] x) {
    Shape shape = softmax.x().shape();
    int axis = softmax.axis() < 0 ? softmax.axis() + shape.rank() : softmax.axis();
    int stride = shape.strides()[axis];
    int length = shape.dim(axis);
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int first = i - i / stride % length * stride;
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < length; j++) {
        max = Math.max(max, x[first + j * stride]);
      }
      double sum = 0;
      for (int j = 0; j < length; j++) {
        sum += Math.exp(x[first + j * stride] - max);
      }
      out[i] = Math.exp(x[i] - max) / sum;
    }
    return out;
  }
}
