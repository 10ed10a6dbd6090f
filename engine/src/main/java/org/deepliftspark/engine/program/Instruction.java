package org.deepliftspark.engine.program;

import java.util.List;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Tensor;

/**
 * One primitive tensor instruction. Shapes are per element of the extent; operands with a smaller
 * extent are broadcast along the missing axes. Spatial instructions are channels-first.
 */
public sealed interface Instruction {

  Value out();

  /** Values it reads, in order. */
  List<Value> operands();

  /**
   * An array that the caller gives for every batch: an input ({row}) or its references ({row,
   * reference}).
   */
  record Feed(Value out, Role role, int input) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of();
    }
  }

  enum Role {
    INPUT,
    REFERENCE
  }

  /**
   * Numbers known when the program is made.
   *
   * @param data {@code [axes of the extent..., shape...]}, row-major; the extent never has {@link
   *     Axis#ROW}
   */
  record Constant(Value out, Tensor data) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of();
    }
  }

  /** One number, in full precision. */
  record Scalar(Value out, double number) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of();
    }
  }

  record Unary(Value out, UnaryOp op, Value x) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /**
   * Element-wise, broadcasting as in NumPy. Both operands have the same rank, or one is a scalar.
   */
  record Binary(Value out, BinaryOp op, Value a, Value b) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(a, b);
    }
  }

  /** {@code condition != 0 ? a : b}; broadcasts like {@link Binary}. */
  record Select(Value out, Value condition, Value a, Value b) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(condition, a, b);
    }
  }

  /**
   * Product over the last axis with a matrix of weights: {@code x [..., in] . w [in, out]}.
   *
   * @param weight {@code [in, out]}; read as its transpose if {@code transposed}, when it is {@code
   *     [out, in]}
   * @param bias {@code [out]}, or null
   */
  record Dense(Value out, Value x, Tensor weight, boolean transposed, Tensor bias)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /**
   * Product of matrices {@code a [..., n, k] . b [..., k, m]}. Both operands have the same rank;
   * the axes before the last two broadcast like {@link Binary}.
   */
  record MatMul(Value out, Value a, Value b) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(a, b);
    }
  }

  /**
   * Cross-correlation of {@code x [channels, space...]}.
   *
   * @param weight {@code [out, in / groups, kernel...]}
   * @param bias {@code [out]}, or null
   */
  record Conv(Value out, Value x, Tensor weight, Tensor bias, ConvGeometry geometry)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /**
   * The adjoint of {@link Conv} without bias: {@code m} is shaped as the convolution's output,
   * {@code out} as its input.
   */
  record ConvTranspose(Value out, Value m, Tensor weight, ConvGeometry geometry)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(m);
    }
  }

  record MaxPool(Value out, Value x, PoolGeometry geometry) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /**
   * Per window, the element of {@code source} at the first (row-major) maximum of {@code selector};
   * padding never wins.
   */
  record MaxSelect(Value out, Value selector, Value source, PoolGeometry geometry)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(selector, source);
    }
  }

  /**
   * Adds each window's {@code amount} to the cell of the window's first maximum of {@code
   * selector}; overlapping windows accumulate.
   */
  record MaxUnpool(Value out, Value selector, Value amount, PoolGeometry geometry)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(selector, amount);
    }
  }

  record AveragePool(Value out, Value x, PoolGeometry geometry, boolean countPadding)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** The adjoint of {@link AveragePool}. */
  record AverageUnpool(Value out, Value m, PoolGeometry geometry, boolean countPadding)
      implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(m);
    }
  }

  /** Reduces axes to length 1. */
  record Reduce(Value out, Reduction reduction, Value x, int[] axes) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** Repeats axes of length 1 up to the shape of {@code out}. */
  record Expand(Value out, Value x) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  record Reshape(Value out, Value x) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  record Transpose(Value out, Value x, int[] permutation) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  record Concat(Value out, List<Value> operands, int axis) implements Instruction {}

  /** Elements {@code starts[a] + i * steps[a]}, as many as the shape of {@code out} says. */
  record Slice(Value out, Value x, int[] starts, int[] steps) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** The adjoint of {@link Slice}: zeros everywhere but at the elements that the slice reads. */
  record Unslice(Value out, Value m, int[] starts, int[] steps) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(m);
    }
  }

  record Pad(Value out, Value x, int[] begin, int[] end, float value) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }

  /** Softmax over one axis. */
  record Softmax(Value out, Value x, int axis) implements Instruction {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }
  }
}
