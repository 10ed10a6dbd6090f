package org.deepliftspark.engine.backend.nd4j;

import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.Value;

/** Dimensions of values in a batch of so many rows. */
record Layout(Sizes sizes, int rows) {

  /** {@code [axes of the extent..., shape...]}; a single number is {@code [1]}. */
  long[] dims(Value value) {
    return aligned(value, value);
  }

  /** {@code [count, shape...]}: the axes of the extent as one. */
  long[] flat(Value value) {
    int rank = value.shape().rank();
    long[] dims = new long[rank + 1];
    dims[0] = count(value.extent());
    for (int axis = 0; axis < rank; axis++) {
      dims[axis + 1] = value.shape().dim(axis);
    }
    return dims;
  }

  long count(Extent extent) {
    long count = 1;
    for (Axis axis : extent.axes()) {
      count *= sizes.of(axis, rows);
    }
    return count;
  }

  /**
   * The operand's dimensions with a 1 for every axis of {@code out} that it lacks; they broadcast
   * against those of {@code out}.
   */
  long[] aligned(Value operand, Value out) {
    List<Axis> axes = out.extent().axes();
    int rank = out.shape().rank();
    int missing = rank - operand.shape().rank();
    if (axes.size() + rank == 0) {
      return new long[] {1};
    }
    long[] dims = new long[axes.size() + rank];
    for (int i = 0; i < axes.size(); i++) {
      dims[i] = operand.extent().has(axes.get(i)) ? sizes.of(axes.get(i), rows) : 1;
    }
    for (int axis = 0; axis < rank; axis++) {
      dims[axes.size() + axis] = axis < missing ? 1 : operand.shape().dim(axis - missing);
    }
    return dims;
  }
}
