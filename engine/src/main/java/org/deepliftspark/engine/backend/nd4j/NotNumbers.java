package org.deepliftspark.engine.backend.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What is not a number: ND4J's maxima and minima drop it, by which of two operands it is, and so
 * would make a finite result of an overflow.
 */
final class NotNumbers {
  private NotNumbers() {}

  /** Adds to a maximum or minimum what is not a number in what it is of, repeated to its axes. */
  static void keep(INDArray out, long[] dims, INDArray of, long[] ofDims, Scope scope) {
    if (has(of, scope)) {
      INDArray found = only(of, ofDims, scope);
      Broadcast.run("add", out, out, dims, found, ofDims, dims);
      scope.free(found);
    }
  }

  /** Whether there may be any: the sum says so, and is cheap. */
  static boolean has(INDArray x, Scope scope) {
    INDArray sum = scope.create(1, 1);
    Nd4j.exec(new Sum(x.reshape('c', 1, x.length()), sum, true, 1));
    boolean found = Double.isNaN(sum.getDouble(0));
    scope.free(sum);
    return found;
  }

  /** The same where it is not a number, otherwise 0. */
  static INDArray only(INDArray x, long[] dims, Scope scope) {
    INDArray mask = ElementWise.compare("not_equals", x, dims, x, dims, dims, scope);
    INDArray found = ElementWise.masked(x, dims, mask, dims, scope);
    scope.free(mask);
    return found;
  }
}
