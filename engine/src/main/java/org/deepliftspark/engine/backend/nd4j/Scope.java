package org.deepliftspark.engine.backend.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Owns the arrays that a piece of work makes: closing it frees their native memory at once, except
 * what was kept. All arrays are row-major and own their buffer, so that strided views of them can
 * be laid by plain arithmetic. One thread.
 */
final class Scope implements AutoCloseable {
  private final DataType type;
  private final List<INDArray> owned = new ArrayList<>();

  Scope(DataType type) {
    this.type = type;
  }

  /** An array whose numbers are not set. */
  INDArray create(long... dims) {
    return own(Nd4j.createUninitialized(type, dims, 'c'));
  }

  INDArray filled(double value, long... dims) {
    INDArray array = create(dims);
    array.assign(value);
    return array;
  }

  /** A row-major copy of a view. */
  INDArray copy(INDArray view) {
    return own(view.dup('c'));
  }

  INDArray of(float[] numbers, long... dims) {
    if (type == DataType.FLOAT) {
      return own(Nd4j.create(numbers, dims, 'c'));
    }
    double[] widened = new double[numbers.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = numbers[i];
    }
    return own(Nd4j.create(widened, dims, 'c'));
  }

  INDArray own(INDArray array) {
    owned.add(array);
    return array;
  }

  /** Leaves an array to the caller. Views of it are nobody's: only what was owned is freed. */
  INDArray keep(INDArray array) {
    owned.removeIf(candidate -> candidate == array);
    return array;
  }

  /** Frees an array before the scope ends. */
  void free(INDArray array) {
    keep(array).close();
  }

  @Override
  public void close() {
    owned.forEach(INDArray::close);
    owned.clear();
  }
}
