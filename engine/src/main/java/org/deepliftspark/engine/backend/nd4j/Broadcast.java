package org.deepliftspark.engine.backend.nd4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Element-wise operations of ND4J with broadcasting. */
final class Broadcast {
  private Broadcast() {}

  /** Runs an operation by name on arrays that broadcast as they are. */
  static INDArray run(String op, INDArray out, INDArray... operands) {
    Nd4j.exec(DynamicCustomOp.builder(op).addInputs(operands).addOutputs(out).build());
    return out;
  }

  /**
   * Runs a broadcasting operation of two operands.
   *
   * @param aDims dimensions of {@code a}, as many as {@code dims}, each equal to it or 1; {@code
   *     bDims} likewise
   * @param dims dimensions of {@code out}
   */
  static INDArray run(
      String op, INDArray out, INDArray a, long[] aDims, INDArray b, long[] bDims, long[] dims) {
    // ND4J is fast for few axes only: those over which both operands go alike become one
    long[] merged = new long[dims.length];
    long[] aMerged = new long[dims.length];
    long[] bMerged = new long[dims.length];
    int rank = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      if (dims[axis] == 1) {
        continue;
      }
      boolean alike =
          rank > 0
              && (aMerged[rank - 1] > 1) == (aDims[axis] > 1)
              && (bMerged[rank - 1] > 1) == (bDims[axis] > 1);
      if (!alike) {
        merged[rank] = 1;
        aMerged[rank] = 1;
        bMerged[rank] = 1;
        rank++;
      }
      merged[rank - 1] *= dims[axis];
      aMerged[rank - 1] *= aDims[axis];
      bMerged[rank - 1] *= bDims[axis];
    }
    INDArray left = reshaped(a, Arrays.copyOf(aMerged, rank));
    INDArray right = reshaped(b, Arrays.copyOf(bMerged, rank));
    run(op, reshaped(out, Arrays.copyOf(merged, rank)), left, right);
    return out;
  }

  /**
   * A view of a row-major array. A single number becomes rank 1, so that ND4J never sees an array
   * without axes.
   */
  static INDArray reshaped(INDArray array, long... dims) {
    return array.reshape('c', array.length() == 1 ? new long[] {1} : dims);
  }

  /** Repeats {@code x} to {@code dims}. */
  static INDArray copy(Scope scope, INDArray x, long[] xDims, long[] dims) {
    INDArray out = scope.create(dims);
    return run("assign", out, out, dims, x, xDims, dims);
  }
}
