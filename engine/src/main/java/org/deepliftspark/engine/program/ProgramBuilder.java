package org.deepliftspark.engine.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Program.Output;
import org.deepliftspark.engine.program.Program.Sizes;

/**
 * Writes instructions. Rules and the compiler use it; it infers shapes and extents. Not safe for
 * several threads.
 */
public final class ProgramBuilder {
  private final List<Instruction> instructions = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private final Map<Double, Value> scalars = new HashMap<>();
  private final Map<List<Object>, Value> written = new HashMap<>();
  private String label = "";

  /** Labels the instructions that follow, for listings: usually a node's name. */
  public void label(String text) {
    this.label = text;
  }

  public Value feed(Instruction.Role role, int input, Extent extent, Shape shape) {
    return append(new Instruction.Feed(next(extent, shape), role, input));
  }

  /** Adds a constant without axes. */
  public Value constant(Tensor data) {
    return append(new Instruction.Constant(next(Extent.NONE, data.shape()), data));
  }

  /**
   * Adds a constant that varies over axes.
   *
   * @param data {@code [axes of the extent..., shape...]}
   */
  public Value constant(Tensor data, Extent extent, Shape shape) {
    if (extent.has(Axis.ROW)) {
      throw new IllegalStateException("A constant cannot vary over rows");
    }
    return append(new Instruction.Constant(next(extent, shape), data));
  }

  /** A number; equal numbers share one constant. */
  public Value scalar(double number) {
    Value known = scalars.get(number);
    if (known == null) {
      known = append(new Instruction.Scalar(next(Extent.NONE, Shape.SCALAR), number));
      scalars.put(number, known);
    }
    return known;
  }

  public Value unary(UnaryOp op, Value x) {
    return once(List.of(op, x.id()), new Instruction.Unary(next(x.extent(), x.shape()), op, x));
  }

  public Value binary(BinaryOp op, Value a, Value b) {
    Value left = aligned(a, b.shape().rank());
    Value right = aligned(b, a.shape().rank());
    Extent extent = left.extent().union(right.extent());
    Value out = next(extent, broadcast(left.shape(), right.shape()));
    return once(List.of(op, left.id(), right.id()), new Instruction.Binary(out, op, left, right));
  }

  public Value add(Value a, Value b) {
    return binary(BinaryOp.ADD, a, b);
  }

  public Value subtract(Value a, Value b) {
    return binary(BinaryOp.SUBTRACT, a, b);
  }

  /** The product; a value times the number 1 is the value. */
  public Value multiply(Value a, Value b) {
    if (a == scalars.get(1.0)) {
      return b;
    } else if (b == scalars.get(1.0)) {
      return a;
    }
    return binary(BinaryOp.MULTIPLY, a, b);
  }

  public Value divide(Value a, Value b) {
    return binary(BinaryOp.DIVIDE, a, b);
  }

  /** Half the sum; a value's mean with itself is the value. */
  public Value mean(Value a, Value b) {
    return a == b ? a : multiply(add(a, b), scalar(0.5));
  }

  public Value minimum(Value a, Value b) {
    return binary(BinaryOp.MINIMUM, a, b);
  }

  public Value maximum(Value a, Value b) {
    return binary(BinaryOp.MAXIMUM, a, b);
  }

  public Value select(Value condition, Value a, Value b) {
    int rank = Math.max(condition.shape().rank(), Math.max(a.shape().rank(), b.shape().rank()));
    Value when = aligned(condition, rank);
    Value yes = aligned(a, rank);
    Value no = aligned(b, rank);
    Shape shape = broadcast(when.shape(), broadcast(yes.shape(), no.shape()));
    Extent extent = when.extent().union(yes.extent()).union(no.extent());
    return append(new Instruction.Select(next(extent, shape), when, yes, no));
  }

  public Value dense(Value x, Tensor weight, boolean transposed, Tensor bias) {
    int in = weight.shape().dim(transposed ? 1 : 0);
    int out = weight.shape().dim(transposed ? 0 : 1);
    require(x.shape().dim(-1) == in, "dense", x.shape(), weight.shape());
    return append(
        new Instruction.Dense(
            next(x.extent(), x.shape().with(-1, out)), x, weight, transposed, bias));
  }

  /** Product of matrices over the last two axes; the axes before them broadcast. */
  public Value matMul(Value a, Value b) {
    require(a.shape().rank() == b.shape().rank(), "multiply", a.shape(), b.shape());
    require(a.shape().dim(-1) == b.shape().dim(-2), "multiply", a.shape(), b.shape());
    Shape shape = broadcast(a.shape().with(-1, 1), b.shape().with(-2, 1));
    Extent extent = a.extent().union(b.extent());
    return append(new Instruction.MatMul(next(extent, shape), a, b));
  }

  public Value conv(Value x, Tensor weight, Tensor bias, ConvGeometry geometry) {
    int[] dims = x.shape().dims();
    dims[0] = weight.shape().dim(0);
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      dims[axis + 1] = geometry.outputLength(axis, dims[axis + 1], weight.shape().dim(axis + 2));
    }
    return append(
        new Instruction.Conv(next(x.extent(), Shape.of(dims)), x, weight, bias, geometry));
  }

  /** The adjoint of {@link #conv}; {@code inputShape} is the shape of the convolution's input. */
  public Value convTranspose(Value m, Tensor weight, ConvGeometry geometry, Shape inputShape) {
    return append(new Instruction.ConvTranspose(next(m.extent(), inputShape), m, weight, geometry));
  }

  public Value maxPool(Value x, PoolGeometry geometry) {
    Value out = next(x.extent(), pooled(x.shape(), geometry));
    return once(List.of("max", x.id(), geometry), new Instruction.MaxPool(out, x, geometry));
  }

  public Value maxSelect(Value selector, Value source, PoolGeometry geometry) {
    Extent extent = selector.extent().union(source.extent());
    return append(
        new Instruction.MaxSelect(
            next(extent, pooled(selector.shape(), geometry)), selector, source, geometry));
  }

  public Value maxUnpool(Value selector, Value amount, PoolGeometry geometry) {
    Extent extent = selector.extent().union(amount.extent());
    return append(
        new Instruction.MaxUnpool(next(extent, selector.shape()), selector, amount, geometry));
  }

  public Value averagePool(Value x, PoolGeometry geometry, boolean countPadding) {
    return append(
        new Instruction.AveragePool(
            next(x.extent(), pooled(x.shape(), geometry)), x, geometry, countPadding));
  }

  public Value averageUnpool(
      Value m, PoolGeometry geometry, boolean countPadding, Shape inputShape) {
    return append(
        new Instruction.AverageUnpool(next(m.extent(), inputShape), m, geometry, countPadding));
  }

  /** Reduces axes to length 1. */
  public Value reduce(Reduction reduction, Value x, int... axes) {
    Shape shape = x.shape();
    for (int axis : axes) {
      shape = shape.with(axis, 1);
    }
    if (shape.equals(x.shape())) {
      return x;
    }
    List<Integer> along = Arrays.stream(axes).boxed().toList();
    return once(
        List.of(reduction, x.id(), along),
        new Instruction.Reduce(next(x.extent(), shape), reduction, x, axes));
  }

  /**
   * Sums a value to {@code shape}, the adjoint of broadcasting from it: leading axes that it lacks
   * go, axes of length 1 stay.
   */
  public Value sumTo(Value x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    int lead = x.shape().rank() - shape.rank();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      if (axis < lead || shape.dim(axis - lead) == 1 && x.shape().dim(axis) != 1) {
        axes.add(axis);
      }
    }
    Value summed = reduce(Reduction.SUM, x, axes.stream().mapToInt(Integer::intValue).toArray());
    return reshape(summed, shape);
  }

  public Value expand(Value x, Shape shape) {
    return x.shape().equals(shape) ? x : append(new Instruction.Expand(next(x.extent(), shape), x));
  }

  /** Repeats a value as NumPy broadcasts it to {@code shape}. */
  public Value broadcastTo(Value x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    int[] dims = new int[shape.rank()];
    Arrays.fill(dims, 1);
    System.arraycopy(x.shape().dims(), 0, dims, dims.length - x.shape().rank(), x.shape().rank());
    return expand(reshape(x, Shape.of(dims)), shape);
  }

  public Value reshape(Value x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    return once(
        List.of("reshape", x.id(), shape), new Instruction.Reshape(next(x.extent(), shape), x));
  }

  public Value transpose(Value x, int... permutation) {
    if (isIdentity(permutation)) {
      return x;
    }
    return append(
        new Instruction.Transpose(
            next(x.extent(), x.shape().permuted(permutation)), x, permutation));
  }

  public Value concat(List<Value> values, int axis) {
    Extent extent = Extent.NONE;
    int length = 0;
    for (Value value : values) {
      extent = extent.union(value.extent());
      length += value.shape().dim(axis);
    }
    return append(
        new Instruction.Concat(
            next(extent, values.get(0).shape().with(axis, length)), List.copyOf(values), axis));
  }

  public Value slice(Value x, int[] starts, int[] steps, Shape shape) {
    return append(new Instruction.Slice(next(x.extent(), shape), x, starts, steps));
  }

  public Value unslice(Value m, int[] starts, int[] steps, Shape inputShape) {
    return append(new Instruction.Unslice(next(m.extent(), inputShape), m, starts, steps));
  }

  public Value pad(Value x, int[] begin, int[] end, float value) {
    int[] dims = x.shape().dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] += begin[axis] + end[axis];
    }
    return append(new Instruction.Pad(next(x.extent(), Shape.of(dims)), x, begin, end, value));
  }

  public Value softmax(Value x, int axis) {
    return append(new Instruction.Softmax(next(x.extent(), x.shape()), x, axis));
  }

  public void output(String name, Value value) {
    outputs.add(new Output(name, value));
  }

  public Program build(Sizes sizes) {
    return new Program(instructions, outputs, sizes);
  }

  private Value next(Extent extent, Shape shape) {
    return new Value(instructions.size(), extent, shape, label);
  }

  /** Appends an instruction unless the same one was written before: then its value serves again. */
  private Value once(List<Object> key, Instruction instruction) {
    Value known = written.get(key);
    if (known == null) {
      known = append(instruction);
      written.put(key, known);
    }
    return known;
  }

  private Value append(Instruction instruction) {
    instructions.add(instruction);
    return instruction.out();
  }

  /**
   * Gives a value leading axes of length 1, so that backends need not align ranks; scalars stay as
   * they are.
   */
  private Value aligned(Value value, int rank) {
    int missing = rank - value.shape().rank();
    if (missing <= 0 || value.shape().rank() == 0 && value.extent().equals(Extent.NONE)) {
      return value;
    }
    int[] dims = new int[rank];
    Arrays.fill(dims, 0, missing, 1);
    System.arraycopy(value.shape().dims(), 0, dims, missing, value.shape().rank());
    return reshape(value, Shape.of(dims));
  }

  private static boolean isIdentity(int[] permutation) {
    for (int axis = 0; axis < permutation.length; axis++) {
      if (permutation[axis] != axis) {
        return false;
      }
    }
    return true;
  }

  private static Shape pooled(Shape in, PoolGeometry geometry) {
    int[] dims = in.dims();
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      dims[axis + 1] = geometry.outputLength(axis, dims[axis + 1]);
    }
    return Shape.of(dims);
  }

  private static Shape broadcast(Shape a, Shape b) {
    if (a.rank() == 0) {
      return b;
    } else if (b.rank() == 0) {
      return a;
    }
    int[] dims = a.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      require(dims[axis] == b.dim(axis) || dims[axis] == 1 || b.dim(axis) == 1, "broadcast", a, b);
      dims[axis] = Math.max(dims[axis], b.dim(axis));
    }
    return Shape.of(dims);
  }

  private static void require(boolean fits, String what, Shape a, Shape b) {
    if (!fits) {
      throw new IllegalStateException("Cannot " + what + " shapes " + a + " and " + b);
    }
  }
}
