package org.deepliftspark.engine.backend.nd4j;

import java.util.Arrays;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernels of the instructions that only move numbers, on arrays {@code [count, shape...]}. */
final class Moves {
  private Moves() {}

  static Kernel expand(Instruction.Expand expand) {
    return (operands, layout, scope) -> {
      long[] from = layout.aligned(expand.x(), expand.out());
      return Broadcast.copy(scope, operands[0], from, layout.dims(expand.out()));
    };
  }

  static Kernel transpose(Instruction.Transpose transpose) {
    int[] permutation = transpose.permutation();
    int[] shifted = new int[permutation.length + 1];
    for (int axis = 0; axis < permutation.length; axis++) {
      shifted[axis + 1] = permutation[axis] + 1;
    }
    return (operands, layout, scope) ->
        scope.copy(operands[0].reshape('c', layout.flat(transpose.x())).permute(shifted));
  }

  static Kernel concat(Instruction.Concat concat) {
    int rank = concat.out().shape().rank();
    int axis = 1 + (concat.axis() < 0 ? concat.axis() + rank : concat.axis());
    return (operands, layout, scope) -> {
      INDArray out = scope.create(layout.flat(concat.out()));
      long offset = 0;
      for (int i = 0; i < operands.length; i++) {
        Value part = concat.operands().get(i);
        Value repeated = new Value(part.id(), concat.out().extent(), part.shape(), part.label());
        long[] starts = new long[rank + 1];
        starts[axis] = offset;
        long[] from = layout.aligned(part, repeated);
        INDArray piece = Broadcast.copy(scope, operands[i], from, layout.dims(repeated));
        long[] dims = layout.flat(repeated);
        Windows.view(out, starts, ones(dims), dims).assign(piece.reshape('c', dims));
        scope.free(piece);
        offset += dims[axis];
      }
      return out;
    };
  }

  static Kernel slice(Instruction.Slice slice) {
    requirePositive(slice, slice.steps());
    return (operands, layout, scope) -> {
      INDArray x = operands[0].reshape('c', layout.flat(slice.x()));
      long[] dims = layout.flat(slice.out());
      return scope.copy(
          Windows.view(x, leading(0, slice.starts()), leading(1, slice.steps()), dims));
    };
  }

  static Kernel unslice(Instruction.Unslice unslice) {
    requirePositive(unslice, unslice.steps());
    return (operands, layout, scope) -> {
      INDArray out = scope.filled(0, layout.flat(unslice.out()));
      long[] dims = layout.flat(unslice.m());
      Windows.view(out, leading(0, unslice.starts()), leading(1, unslice.steps()), dims)
          .assign(operands[0].reshape('c', dims));
      return out;
    };
  }

  static Kernel pad(Instruction.Pad pad) {
    return (operands, layout, scope) -> {
      INDArray out = scope.filled(pad.value(), layout.flat(pad.out()));
      long[] dims = layout.flat(pad.x());
      Windows.view(out, leading(0, pad.begin()), ones(dims), dims)
          .assign(operands[0].reshape('c', dims));
      return out;
    };
  }

  private static void requirePositive(Instruction instruction, int[] steps) {
    if (Arrays.stream(steps).anyMatch(step -> step <= 0)) {
      throw new IllegalStateException("Steps must be positive: " + instruction);
    }
  }

  /** Prepends what concerns the count axis. */
  private static long[] leading(long first, int[] rest) {
    long[] all = new long[rest.length + 1];
    all[0] = first;
    for (int axis = 0; axis < rest.length; axis++) {
      all[axis + 1] = rest[axis];
    }
    return all;
  }

  private static long[] ones(long[] dims) {
    long[] ones = new long[dims.length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
