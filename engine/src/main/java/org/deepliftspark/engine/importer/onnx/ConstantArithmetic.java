package org.deepliftspark.engine.importer.onnx;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.deepliftspark.engine.importer.onnx.ConstantFolder.Folding;
import org.deepliftspark.engine.importer.onnx.OnnxArray.Kind;

/** Element-wise folding, with integers exact and multiples of the batch size kept apart. */
final class ConstantArithmetic {
  private ConstantArithmetic() {}

  static void addTo(Map<String, Folding> table) {
    table.put("Add", call -> sum(call, 1));
    table.put("Sub", call -> sum(call, -1));
    table.put("Mul", ConstantArithmetic::multiply);
    table.put("Div", ConstantArithmetic::divide);
    table.put("Pow", call -> binary(call, Math::pow, (a, b) -> (long) Math.pow(a, b)));
    table.put("Mod", ConstantArithmetic::modulo);
    table.put("Min", call -> binary(call, Math::min, Math::min));
    table.put("Max", call -> binary(call, Math::max, Math::max));
    table.put("Neg", call -> unary(call, a -> -a));
    table.put("Abs", call -> unary(call, Math::abs));
    table.put("Sign", call -> unary(call, Math::signum));
    table.put("Floor", call -> unary(call, Math::floor));
    table.put("Ceil", call -> unary(call, Math::ceil));
    table.put("Sqrt", call -> unary(call, Math::sqrt));
    table.put("Reciprocal", call -> unary(call, a -> 1 / a));
    table.put("Exp", call -> unary(call, Math::exp));
    table.put("Log", call -> unary(call, Math::log));
    table.put("Sigmoid", call -> unary(call, a -> 1 / (1 + Math.exp(-a))));
    table.put("Tanh", call -> unary(call, Math::tanh));
    table.put("Relu", call -> unary(call, a -> Math.max(a, 0)));
    table.put(
        "Softplus", call -> unary(call, a -> Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))));
    table.put("Equal", ConstantArithmetic::equal);
    table.put("Greater", call -> compare(call, (a, b) -> a > b ? 1 : 0));
    table.put("GreaterOrEqual", call -> compare(call, (a, b) -> a >= b ? 1 : 0));
    table.put("Less", call -> compare(call, (a, b) -> a < b ? 1 : 0));
    table.put("LessOrEqual", call -> compare(call, (a, b) -> a <= b ? 1 : 0));
    table.put("And", call -> compare(call, (a, b) -> a != 0 && b != 0 ? 1 : 0));
    table.put("Or", call -> compare(call, (a, b) -> a != 0 || b != 0 ? 1 : 0));
    table.put("Not", ConstantArithmetic::not);
    table.put("Where", ConstantArithmetic::where);
    table.put("Cast", ConstantArithmetic::cast);
    table.put("Identity", call -> call.input(0));
    table.put("Dropout", call -> call.input(0));
  }

  private static void requirePlain(OnnxArray... arrays) {
    for (OnnxArray array : arrays) {
      if (array.dependsOnBatch()) {
        throw new UnsupportedNode("its result depends on the batch size");
      }
    }
  }

  private static OnnxArray unary(ConstantCall call, DoubleUnaryOperator function) {
    OnnxArray in = call.input(0);
    requirePlain(in);
    int size = call.budget().claim(in.dims());
    if (in.isFloat()) {
      float[] data = new float[size];
      for (int i = 0; i < size; i++) {
        data[i] = (float) function.applyAsDouble(in.number(i));
      }
      return OnnxArray.ofFloats(data, in.dims());
    }
    long[] data = new long[size];
    for (int i = 0; i < size; i++) {
      data[i] = (long) function.applyAsDouble(in.number(i));
    }
    return OnnxArray.ofIntegers(data, in.dims());
  }

  /** Two operands, broadcast to each other. */
  private record Pair(
      OnnxArray a, OnnxArray b, int[] dims, int size, IntUnaryOperator inA, IntUnaryOperator inB) {
    static Pair of(ConstantCall call) {
      if (call.inputs().size() != 2) {
        throw new UnsupportedNode("on " + call.inputs().size() + " constants");
      }
      OnnxArray a = call.input(0);
      OnnxArray b = call.input(1);
      int[] dims = Broadcast.dims(a.dims(), b.dims());
      return new Pair(
          a,
          b,
          dims,
          call.budget().claim(dims),
          Broadcast.source(a.dims(), dims),
          Broadcast.source(b.dims(), dims));
    }

    OnnxArray floats(DoubleBinaryOperator function) {
      float[] data = new float[size];
      for (int i = 0; i < size; i++) {
        data[i] =
            (float)
                function.applyAsDouble(a.number(inA.applyAsInt(i)), b.number(inB.applyAsInt(i)));
      }
      return OnnxArray.ofFloats(data, dims);
    }

    OnnxArray integers(BatchOperator function) {
      long[] data = new long[size];
      byte[] powers = new byte[size];
      for (int i = 0; i < size; i++) {
        int left = inA.applyAsInt(i);
        int right = inB.applyAsInt(i);
        long[] result =
            function.apply(a.integer(left), a.power(left), b.integer(right), b.power(right));
        data[i] = result[0];
        powers[i] = (byte) result[1];
      }
      return OnnxArray.ofBatchMultiples(data, powers, dims);
    }
  }

  /**
   * Works on {@code a * batch^powerA} and {@code b * batch^powerB}; returns factor and power of the
   * result.
   */
  private interface BatchOperator {
    long[] apply(long a, int powerA, long b, int powerB);
  }

  private static OnnxArray binary(
      ConstantCall call, DoubleBinaryOperator onFloats, LongBinaryOperator onIntegers) {
    if (call.inputs().size() == 1) {
      return call.input(0);
    }
    Pair pair = Pair.of(call);
    requirePlain(pair.a, pair.b);
    return pair.a.isFloat()
        ? pair.floats(onFloats)
        : pair.integers((a, powerA, b, powerB) -> new long[] {onIntegers.applyAsLong(a, b), 0});
  }

  private static OnnxArray sum(ConstantCall call, int sign) {
    Pair pair = Pair.of(call);
    if (pair.a.isFloat()) {
      return pair.floats((a, b) -> a + sign * b);
    }
    return pair.integers(
        (a, powerA, b, powerB) -> {
          if (powerA != powerB && a != 0 && b != 0) {
            throw new UnsupportedNode("it adds to the batch size");
          }
          return new long[] {a + sign * b, a == 0 ? powerB : powerA};
        });
  }

  private static OnnxArray multiply(ConstantCall call) {
    Pair pair = Pair.of(call);
    if (pair.a.isFloat()) {
      return pair.floats((a, b) -> a * b);
    }
    return pair.integers(
        (a, powerA, b, powerB) -> new long[] {a * b, checkedPower(powerA + powerB)});
  }

  private static OnnxArray divide(ConstantCall call) {
    Pair pair = Pair.of(call);
    if (pair.a.isFloat()) {
      return pair.floats((a, b) -> a / b);
    }
    return pair.integers(
        (a, powerA, b, powerB) -> {
          if (b == 0) {
            throw new IllegalArgumentException("it divides by zero");
          }
          if (powerA > 0 && a % b != 0) {
            throw new UnsupportedNode("it divides the batch size");
          }
          return new long[] {a / b, checkedPower(powerA - powerB)};
        });
  }

  private static int checkedPower(int power) {
    if (power < 0 || power > 2) {
      throw new UnsupportedNode("its result depends on the batch size");
    }
    return power;
  }

  private static OnnxArray modulo(ConstantCall call) {
    if (call.node().flag("fmod", false)) {
      return binary(call, (a, b) -> a % b, (a, b) -> b == 0 ? 0 : a % b);
    }
    return binary(
        call, (a, b) -> a - b * Math.floor(a / b), (a, b) -> b == 0 ? 0 : Math.floorMod(a, b));
  }

  private static OnnxArray equal(ConstantCall call) {
    Pair pair = Pair.of(call);
    if (pair.a.isFloat()) {
      return asBooleans(pair.floats((a, b) -> a == b ? 1 : 0));
    }
    return asBooleans(
        pair.integers(
            (a, powerA, b, powerB) -> {
              // Exporters ask whether a dimension is -1; a batch size never is.
              if (powerA != powerB && (powerA == 0 ? a : b) > 0) {
                throw new UnsupportedNode("it compares with the batch size");
              }
              return new long[] {powerA == powerB && a == b ? 1 : 0, 0};
            }));
  }

  private static OnnxArray compare(ConstantCall call, DoubleBinaryOperator holds) {
    Pair pair = Pair.of(call);
    requirePlain(pair.a, pair.b);
    return asBooleans(pair.floats(holds));
  }

  private static OnnxArray asBooleans(OnnxArray array) {
    long[] data = new long[array.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = array.integer(i);
    }
    return OnnxArray.ofBooleans(data, array.dims());
  }

  private static OnnxArray not(ConstantCall call) {
    OnnxArray in = call.input(0);
    long[] data = new long[call.budget().claim(in.dims())];
    for (int i = 0; i < data.length; i++) {
      data[i] = in.integer(i) == 0 ? 1 : 0;
    }
    return OnnxArray.ofBooleans(data, in.dims());
  }

  private static OnnxArray where(ConstantCall call) {
    OnnxArray condition = call.input(0);
    OnnxArray yes = call.input(1);
    OnnxArray no = call.input(2);
    int[] dims = Broadcast.dims(condition.dims(), Broadcast.dims(yes.dims(), no.dims()));
    int size = call.budget().claim(dims);
    IntUnaryOperator inCondition = Broadcast.source(condition.dims(), dims);
    IntUnaryOperator inYes = Broadcast.source(yes.dims(), dims);
    IntUnaryOperator inNo = Broadcast.source(no.dims(), dims);
    float[] floats = new float[yes.isFloat() ? size : 0];
    long[] integers = new long[yes.isFloat() ? 0 : size];
    byte[] powers = new byte[integers.length];
    for (int i = 0; i < size; i++) {
      boolean first = condition.integer(inCondition.applyAsInt(i)) != 0;
      OnnxArray from = first ? yes : no;
      int at = (first ? inYes : inNo).applyAsInt(i);
      if (yes.isFloat()) {
        floats[i] = (float) from.number(at);
      } else {
        integers[i] = from.integer(at);
        powers[i] = (byte) from.power(at);
      }
    }
    return yes.isFloat()
        ? OnnxArray.ofFloats(floats, dims)
        : OnnxArray.ofBatchMultiples(integers, powers, dims);
  }

  private static OnnxArray cast(ConstantCall call) {
    OnnxArray in = call.input(0);
    ElementType type = ElementType.of(call.node().integer("to", 0));
    if (type == null) {
      throw new UnsupportedNode("cast to element type " + call.node().integer("to", 0));
    }
    if (type.isFloat()) {
      return in.isFloat()
          ? in
          : OnnxArray.ofFloats(in.tensor(call.budget().claim(in.dims())).data(), in.dims());
    }
    if (!in.isFloat() && type != ElementType.BOOL) {
      return in.kind() == Kind.INTEGER
          ? in
          : OnnxArray.ofIntegers(in.plainIntegers("input"), in.dims());
    }
    requirePlain(in);
    long[] data = new long[call.budget().claim(in.dims())];
    for (int i = 0; i < data.length; i++) {
      data[i] = type == ElementType.BOOL ? (in.number(i) != 0 ? 1 : 0) : in.integer(i);
    }
    return type == ElementType.BOOL
        ? OnnxArray.ofBooleans(data, in.dims())
        : OnnxArray.ofIntegers(data, in.dims());
  }
}
