package org.deepliftspark.engine.backend.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One instruction made ready: its weights, if any, are ND4J arrays that the executable owns. Safe
 * for many threads.
 */
@FunctionalInterface
interface Kernel {

  /**
   * Computes the instruction for every element of its extent.
   *
   * @param operands as {@link Layout#dims} says, never written to
   * @param scope owns the result and everything made on the way
   * @return an array of the scope, no view, with the numbers of the result in row-major order
   */
  INDArray run(INDArray[] operands, Layout layout, Scope scope);
}
