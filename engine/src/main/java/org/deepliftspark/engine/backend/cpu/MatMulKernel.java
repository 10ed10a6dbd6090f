package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.deepliftspark.engine.graph.Shape;

/** Products of the matrices in the last two axes, along stacks that broadcast. */
final class MatMulKernel implements Kernel {
  private final Cell a;
  private final Cell b;
  private final Cell out;
  private final int rows;
  private final int terms;
  private final int columns;
  private final int[] fromA;
  private final int[] fromB;

  /** The cells are row-major, of these shapes. */
  MatMulKernel(Cell a, Shape shapeA, Cell b, Shape shapeB, Cell out, Shape shape) {
    this.a = a;
    this.b = b;
    this.out = out;
    this.rows = shape.dim(-2);
    this.terms = shapeA.dim(-1);
    this.columns = shape.dim(-1);
    this.fromA = starts(shapeA, shape);
    this.fromB = starts(shapeB, shape);
  }

  /** Where the operand's matrix begins, for every matrix of the result. */
  private static int[] starts(Shape operand, Shape result) {
    int[] starts = new int[result.size() / (result.dim(-1) * result.dim(-2))];
    int[] strides = operand.strides();
    for (int i = 0; i < starts.length; i++) {
      int position = i;
      for (int axis = result.rank() - 3; axis >= 0; axis--) {
        if (operand.dim(axis) > 1) {
          starts[i] += position % result.dim(axis) * strides[axis];
        }
        position /= result.dim(axis);
      }
    }
    return starts;
  }

  @Override
  public void run(Frame frame) {
    for (int i = 0; i < fromA.length; i++) {
      // an address of its own: both operands may lie in one buffer
      FloatPointer right = new FloatPointer(b.pointer(frame, fromB[i]));
      Gemm.multiply(
          rows,
          columns,
          terms,
          a.pointer(frame, fromA[i]),
          terms,
          right,
          columns,
          false,
          0f,
          out.pointer(frame, i * rows * columns),
          columns);
    }
  }
}
