package org.deepliftspark.engine.backend.nd4j;

import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Instruction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.factory.Nd4j;

/** Kernels of the instructions that look along whole axes. */
final class Reductions {
  private Reductions() {}

  static Kernel reduce(Instruction.Reduce reduce) {
    int rank = reduce.x().shape().rank();
    int[] axes = new int[reduce.axes().length];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = 1 + (reduce.axes()[i] < 0 ? reduce.axes()[i] + rank : reduce.axes()[i]);
    }
    return (operands, layout, scope) -> {
      INDArray x = operands[0].reshape('c', layout.flat(reduce.x()));
      INDArray out = along(reduce.reduction(), x, scope.create(layout.flat(reduce.out())), axes);
      if (reduce.reduction() == Reduction.MAX && NotNumbers.has(x, scope)) {
        INDArray found = NotNumbers.only(x, x.shape(), scope);
        out.addi(along(Reduction.SUM, found, scope.create(out.shape()), axes));
      }
      return out;
    };
  }

  private static INDArray along(Reduction reduction, INDArray x, INDArray out, int... axes) {
    Nd4j.exec(
        switch (reduction) {
          case SUM -> new Sum(x, out, true, axes);
          case MEAN -> new Mean(x, out, true, axes);
          case MAX -> new Max(x, out, true, axes);
        });
    return out;
  }

  /** Relative to the largest element, so that no exponential overflows. */
  static Kernel softmax(Instruction.Softmax softmax) {
    Shape shape = softmax.x().shape();
    int axis = softmax.axis() < 0 ? softmax.axis() + shape.rank() : softmax.axis();
    int inner = shape.strides()[axis];
    int length = shape.dim(axis);
    return (operands, layout, scope) -> {
      long outer = operands[0].length() / length / inner;
      long[] dims = {outer, length, inner};
      long[] reduced = {outer, 1, inner};
      INDArray x = operands[0].reshape('c', dims);
      INDArray out = scope.create(dims);
      INDArray largest = along(Reduction.MAX, x, scope.create(reduced), 1);
      Broadcast.run("subtract", out, x, dims, largest, reduced, dims);
      Nd4j.exec(new Exp(out, out));
      INDArray sum = along(Reduction.SUM, out, scope.create(reduced), 1);
      return Broadcast.run("divide", out, out, dims, sum, reduced, dims);
    };
  }
}
