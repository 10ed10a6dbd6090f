package org.deepliftspark.engine.backend.nd4j;

import java.util.Arrays;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Negative;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels of the element-wise instructions. */
final class ElementWise {
  private static final double TANH_NEAR_ZERO = 0.25;

  /** 1, 1/3, 1/5, ...: atanh(w) / w in powers of w^2. For w up to 1/3 the rest is below 1e-17. */
  private static final int ATANH_TERMS = 17;

  private ElementWise() {}

  static Kernel unary(Instruction.Unary unary) {
    return (operands, layout, scope) ->
        apply(unary.op(), operands[0], scope.create(layout.dims(unary.out())), scope);
  }

  private static INDArray apply(UnaryOp op, INDArray x, INDArray out, Scope scope) {
    return switch (op) {
      case NEGATE -> exec(new Negative(x, out));
      case ABS -> exec(new Abs(x, out));
      case SIGN -> exec(new Sign(x, out));
      case RELU -> exec(new RectifiedLinear(x, out, 0));
      case EXP -> exec(new Exp(x, out));
      case LOG -> exec(new Log(x, out));
      case SQRT -> exec(new Sqrt(x, out));
      case TANH -> tanh(x, out, scope);
      case SIGMOID -> exec(new Sigmoid(x, out));
      case ERF -> exec(new Erf(x, out));
      case SOFTPLUS -> softplus(x, out, scope);
    };
  }

  private static INDArray exec(Op op) {
    Nd4j.exec(op);
    return op.z();
  }

  /**
   * ND4J's tanh is right to 1e-7 absolutely, which is nothing where a secant slope divides it by
   * its small argument: tanh(1e-8) is 0. Near zero Lambert's continued fraction stands in, {@code x
   * / (1 + x^2 / (3 + x^2 / (5 + ...)))}; up to 11 it is right to the last bits of a double.
   */
  private static INDArray tanh(INDArray x, INDArray out, Scope scope) {
    INDArray square = Broadcast.run("multiply", scope.create(x.shape()), x, x);
    INDArray fraction = scope.filled(11, x.shape());
    for (int odd = 9; odd >= 1; odd -= 2) {
      Broadcast.run("divide", fraction, square, fraction);
      exec(new ScalarAdd(fraction, null, fraction, odd));
    }
    Broadcast.run("divide", fraction, x, fraction);
    INDArray near = compare("less", exec(new Abs(x, square)), TANH_NEAR_ZERO, scope);
    INDArray far = compare("equals", near, 0, scope); // also where x is not a number
    long[] dims = x.shape();
    INDArray nearPart = masked(fraction, dims, near, dims, scope);
    INDArray farPart = masked(exec(new Tanh(x, out)), dims, far, dims, scope);
    return Broadcast.run("add", out, nearPart, farPart);
  }

  /**
   * {@code max(x, 0) + log(1 + z)} with z = exp(-|x|), which cannot overflow. ND4J's log1p is 0 for
   * a small z, so {@code log(1 + z) = 2 atanh(w)} with w = z / (2 + z), by atanh's series.
   */
  private static INDArray softplus(INDArray x, INDArray out, Scope scope) {
    INDArray z = scope.create(x.shape());
    exec(new Abs(x, z));
    exec(new Negative(z, z));
    exec(new Exp(z, z));
    INDArray w = Broadcast.run("add", scope.create(x.shape()), z, scope.filled(2, x.shape()));
    Broadcast.run("divide", w, z, w);
    INDArray square = Broadcast.run("multiply", z, w, w);
    INDArray series = scope.filled(1.0 / (2 * ATANH_TERMS - 1), x.shape());
    for (int term = ATANH_TERMS - 2; term >= 0; term--) {
      Broadcast.run("multiply", series, series, square);
      exec(new ScalarAdd(series, null, series, 1.0 / (2 * term + 1)));
    }
    Broadcast.run("multiply", series, series, w);
    exec(new ScalarMultiplication(series, null, series, 2));
    exec(new ScalarMax(x, null, out, 0));
    return Broadcast.run("add", out, out, series);
  }

  static Kernel binary(Instruction.Binary binary) {
    return (operands, layout, scope) -> {
      long[] dims = layout.dims(binary.out());
      long[] aDims = layout.aligned(binary.a(), binary.out());
      long[] bDims = layout.aligned(binary.b(), binary.out());
      String op = name(binary.op());
      return switch (binary.op()) {
        case ADD, SUBTRACT, MULTIPLY, DIVIDE ->
            Broadcast.run(op, scope.create(dims), operands[0], aDims, operands[1], bDims, dims);
        case MINIMUM, MAXIMUM -> {
          INDArray out = scope.create(dims);
          Broadcast.run(op, out, operands[0], aDims, operands[1], bDims, dims);
          NotNumbers.keep(out, dims, operands[0], aDims, scope);
          NotNumbers.keep(out, dims, operands[1], bDims, scope);
          yield out;
        }
        case EQUAL, LESS -> compare(op, operands[0], aDims, operands[1], bDims, dims, scope);
      };
    };
  }

  private static String name(BinaryOp op) {
    return switch (op) {
      case ADD -> "add";
      case SUBTRACT -> "subtract";
      case MULTIPLY -> "multiply";
      case DIVIDE -> "divide";
      case MINIMUM -> "minimum";
      case MAXIMUM -> "maximum";
      case EQUAL -> "equals";
      case LESS -> "less";
    };
  }

  /** 1 where the comparison holds, 0 elsewhere. */
  static INDArray compare(
      String op, INDArray a, long[] aDims, INDArray b, long[] bDims, long[] dims, Scope scope) {
    INDArray holds = scope.own(Nd4j.createUninitialized(DataType.BOOL, dims, 'c'));
    Broadcast.run(op, holds, a, aDims, b, bDims, dims);
    INDArray numbers = scope.create(dims);
    numbers.assign(holds);
    scope.free(holds);
    return numbers;
  }

  /** 1 where {@code op} holds between {@code x} and a number, 0 elsewhere. */
  static INDArray compare(String op, INDArray x, double number, Scope scope) {
    INDArray scalar = scope.filled(number, 1);
    long[] ones = new long[x.rank()];
    Arrays.fill(ones, 1);
    return compare(op, x, x.shape(), scalar, ones, x.shape(), scope);
  }

  static Kernel select(Instruction.Select select) {
    return (operands, layout, scope) -> {
      Value out = select.out();
      long[] dims = layout.dims(out);
      long[] whenDims = layout.aligned(select.condition(), out);
      long[] yesDims = layout.aligned(select.a(), out);
      long[] noDims = layout.aligned(select.b(), out);
      INDArray when = compare("not_equals", operands[0], 0, scope);
      INDArray unless = compare("equals", operands[0], 0, scope);
      INDArray yes = masked(operands[1], yesDims, when, whenDims, scope);
      INDArray no = masked(operands[2], noDims, unless, whenDims, scope);
      long[] yesUnion = union(yesDims, whenDims);
      long[] noUnion = union(noDims, whenDims);
      return Broadcast.run("add", scope.create(dims), yes, yesUnion, no, noUnion, dims);
    };
  }

  /**
   * {@code x} where the mask is 1, and 0 where it is 0, even if {@code x} is not a number there.
   * ND4J's own "select" takes 100 ns per element.
   */
  static INDArray masked(INDArray x, long[] xDims, INDArray mask, long[] maskDims, Scope scope) {
    long[] dims = union(xDims, maskDims);
    return Broadcast.run("divide_no_nan", scope.create(dims), x, xDims, mask, maskDims, dims);
  }

  private static long[] union(long[] a, long[] b) {
    long[] union = new long[a.length];
    for (int axis = 0; axis < union.length; axis++) {
      union[axis] = Math.max(a[axis], b[axis]);
    }
    return union;
  }
}
