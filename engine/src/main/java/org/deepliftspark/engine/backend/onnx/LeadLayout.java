package org.deepliftspark.engine.backend.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * How extents become leading dimensions of ONNX tensors.
 *
 * <p>One call of a session computes either many rows with one reference each, or one row with many
 * references: then one leading dimension is enough for both forward passes, the operands of
 * element-wise nodes broadcast by themselves, and convolutions need no reshape. Axes of length 1
 * have no dimension. A value has the dimensions from its outermost axis on (length 1 where it does
 * not vary), and at least the innermost one, so that tensors broadcast from the right.
 *
 * @param axes axes with a dimension, outermost first; the last one is that of the rows or of the
 *     references
 * @param dynamic whether the length of the last axis is chosen per call
 * @param sizes lengths of the axes
 */
record LeadLayout(List<Axis> axes, boolean dynamic, Program.Sizes sizes) {
  private static final int DYNAMIC = -1;

  static LeadLayout of(Program program) {
    List<Axis> axes = new ArrayList<>();
    Program.Sizes sizes = program.sizes();
    if (sizes.targets() > 1) {
      axes.add(Axis.TARGET);
    }
    if (sizes.samples() > 1) {
      axes.add(Axis.SAMPLE);
    }
    axes.add(sizes.references() > 1 ? Axis.REFERENCE : Axis.ROW);
    boolean fixed = sizes.references() > 1 && hasSharedReferences(program);
    return new LeadLayout(List.copyOf(axes), !fixed, sizes);
  }

  private static boolean hasSharedReferences(Program program) {
    for (Instruction instruction : program.instructions()) {
      if (instruction instanceof Instruction.Constant
          && instruction.out().extent().has(Axis.REFERENCE)) {
        return true;
      }
    }
    return false;
  }

  /** True if a call computes one row, with several references. */
  boolean rowByRow() {
    return axes.get(axes.size() - 1) == Axis.REFERENCE;
  }

  /** Leading dimensions of a value of this extent; -1 for the one that is chosen per call. */
  int[] dims(Extent extent) {
    int first = axes.size() - 1;
    for (int i = 0; i < axes.size(); i++) {
      if (extent.has(axes.get(i))) {
        first = i;
        break;
      }
    }
    int[] dims = new int[axes.size() - first];
    for (int i = first; i < axes.size(); i++) {
      dims[i - first] = extent.has(axes.get(i)) ? length(i) : 1;
    }
    return dims;
  }

  /** Leading dimensions and shape of a value. */
  int[] dims(Value value) {
    return dims(value.extent(), value.shape().dims());
  }

  /** Leading dimensions of an extent, then a shape. */
  int[] dims(Extent extent, int... shape) {
    int[] lead = dims(extent);
    int[] dims = Arrays.copyOf(lead, lead.length + shape.length);
    System.arraycopy(shape, 0, dims, lead.length, shape.length);
    return dims;
  }

  private int length(int i) {
    return i == axes.size() - 1 && dynamic ? DYNAMIC : sizes.of(axes.get(i), 1);
  }

  int rank(Extent extent) {
    return dims(extent).length;
  }

  /** True if both extents have the same leading dimensions. */
  boolean same(Extent a, Extent b) {
    return Arrays.equals(dims(a), dims(b));
  }
}
