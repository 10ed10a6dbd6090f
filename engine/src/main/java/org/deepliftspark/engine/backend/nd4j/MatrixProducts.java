package org.deepliftspark.engine.backend.nd4j;

import java.util.Arrays;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernel of products of two values: one product per pair of matrices. */
final class MatrixProducts {
  private MatrixProducts() {}

  static Kernel matMul(Instruction.MatMul product) {
    return (operands, layout, scope) -> {
      long[] dims = layout.dims(product.out());
      long[] stack = Arrays.copyOf(dims, dims.length - 2);
      INDArray sums = scope.filled(0, dims);
      Stack left = Stack.of(operands[0], product.a(), product.out(), layout);
      Stack right = Stack.of(operands[1], product.b(), product.out(), layout);
      Stack out = Stack.of(sums, product.out(), product.out(), layout);
      long count = Arrays.stream(stack).reduce(1, (a, b) -> a * b);
      for (long i = 0; i < count; i++) {
        Products.accumulate(left.matrix(i, stack), right.matrix(i, stack), out.matrix(i, stack));
      }
      return sums;
    };
  }

  /**
   * The matrices of a value.
   *
   * @param matrices {@code [count, rows, columns]}
   * @param dims of the stack, 1 along the axes that the value lacks
   */
  private record Stack(INDArray matrices, long[] dims) {

    static Stack of(INDArray array, Value value, Value out, Layout layout) {
      long rows = value.shape().dim(-2);
      long columns = value.shape().dim(-1);
      long[] dims = layout.aligned(value, out);
      long count = array.length() / (rows * columns);
      return new Stack(
          array.reshape('c', count, rows, columns), Arrays.copyOf(dims, dims.length - 2));
    }

    /** The matrix at a row-major position in a larger stack. */
    INDArray matrix(long position, long[] stack) {
      long index = 0;
      long stride = 1;
      for (int axis = stack.length - 1; axis >= 0; axis--) {
        if (dims[axis] > 1) {
          index += position % stack[axis] * stride;
          stride *= dims[axis];
        }
        position /= stack[axis];
      }
      return matrices.slice(index, 0);
    }
  }
}
