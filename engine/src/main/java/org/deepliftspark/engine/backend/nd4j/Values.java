package org.deepliftspark.engine.backend.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The values of a program that are computed so far; closing frees those that are still held. One
 * thread.
 */
final class Values implements AutoCloseable {
  private final INDArray[] arrays;

  /** The arrays that hold the memory, by the value that made it; the others are views. */
  private final INDArray[] owners;

  Values(int count) {
    this.arrays = new INDArray[count];
    this.owners = new INDArray[count];
  }

  /** Takes over an array with the numbers of a value. */
  void put(int id, INDArray owner, long[] dims) {
    owners[id] = owner;
    arrays[id] = owner.reshape('c', dims);
  }

  /** Sets a value that shares the memory of another. */
  void alias(int id, INDArray array, long[] dims) {
    arrays[id] = array.reshape('c', dims);
  }

  /** The array of a value, or null if it is not computed here. */
  INDArray array(int id) {
    return arrays[id];
  }

  void free(int id) {
    if (owners[id] != null) {
      owners[id].close();
      owners[id] = null;
    }
  }

  @Override
  public void close() {
    for (int id = 0; id < owners.length; id++) {
      free(id);
    }
  }
}
