package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import onnx.Onnx.TensorProto;
import org.deepliftspark.engine.importer.onnx.ConstantFolder.Folding;

/** Folds what moves or makes elements but does not compute with them. */
final class ConstantShapes {
  private ConstantShapes() {}

  static void addTo(Map<String, Folding> table) {
    table.put("Shape", call -> shape(call.node(), dimensions(call.input(0).dims())));
    table.put("Size", call -> OnnxArray.ofIntegers(new long[] {call.input(0).size()}));
    table.put("Gather", ConstantShapes::gather);
    table.put("Unsqueeze", ConstantShapes::unsqueeze);
    table.put("Squeeze", ConstantShapes::squeeze);
    table.put("Concat", ConstantShapes::concat);
    table.put("Slice", ConstantShapes::slice);
    table.put("ConstantOfShape", ConstantShapes::constantOfShape);
    table.put("Range", ConstantShapes::range);
    table.put("Expand", ConstantShapes::expand);
    table.put("Reshape", ConstantShapes::reshape);
    table.put("Flatten", ConstantShapes::flatten);
    table.put("Transpose", ConstantShapes::transpose);
  }

  private static OnnxArray dimensions(int[] dims) {
    return OnnxArray.ofIntegers(Arrays.stream(dims).asLongStream().toArray(), dims.length);
  }

  /**
   * What a Shape node gives for an array with these dimensions; since opset 15 it may take a part
   * of them.
   */
  static OnnxArray shape(OnnxNode node, OnnxArray dims) {
    int rank = dims.size();
    SliceRange part =
        new SliceRange(0, node.integer("start", 0), node.integer("end", Long.MAX_VALUE), 1);
    int first = part.first(rank);
    int count = part.count(rank);
    return dims.select(new int[] {count}, count, i -> first + i);
  }

  private static OnnxArray gather(ConstantCall call) {
    OnnxArray data = call.input(0);
    OnnxArray indices = call.input(1);
    int axis = Call.axis(call.node().integer("axis", 0), data.rank());
    int length = data.dims()[axis];
    int[] picks = new int[indices.size()];
    long[] plain = indices.plainIntegers("indices");
    for (int i = 0; i < picks.length; i++) {
      picks[i] = Call.axis(plain[i], length);
    }
    int inner = product(data.dims(), axis + 1, data.rank());
    int[] dims = new int[data.rank() - 1 + indices.rank()];
    System.arraycopy(data.dims(), 0, dims, 0, axis);
    System.arraycopy(indices.dims(), 0, dims, axis, indices.rank());
    System.arraycopy(data.dims(), axis + 1, dims, axis + indices.rank(), data.rank() - axis - 1);
    int size = call.budget().claim(dims);
    return data.select(
        dims,
        size,
        i -> {
          int pick = i / inner % picks.length;
          int outer = i / inner / picks.length;
          return (outer * length + picks[pick]) * inner + i % inner;
        });
  }

  private static int product(int[] dims, int from, int to) {
    int product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= dims[axis];
    }
    return product;
  }

  private static OnnxArray unsqueeze(ConstantCall call) {
    OnnxArray in = call.input(0);
    long[] axes = call.integers("axes", 1);
    if (axes == null) {
      throw new IllegalArgumentException("it has no axes");
    }
    return in.reshaped(unsqueezed(in.dims(), axes));
  }

  /** Dimensions with 1 inserted, so that the result has it at {@code axes}. */
  static int[] unsqueezed(int[] dims, long[] axes) {
    int[] result = new int[dims.length + axes.length];
    for (long axis : axes) {
      int at = Call.axis(axis, result.length);
      if (result[at] == 1) {
        throw new IllegalArgumentException("axis " + axis + " is named twice");
      }
      result[at] = 1;
    }
    int from = 0;
    for (int axis = 0; axis < result.length; axis++) {
      result[axis] = result[axis] == 1 ? 1 : dims[from++];
    }
    return result;
  }

  private static OnnxArray squeeze(ConstantCall call) {
    OnnxArray in = call.input(0);
    long[] axes = call.integers("axes", 1);
    boolean[] dropped = new boolean[in.rank()];
    for (int axis = 0; axis < dropped.length; axis++) {
      dropped[axis] = axes == null && in.dims()[axis] == 1;
    }
    for (long axis : axes == null ? new long[0] : axes) {
      int at = Call.axis(axis, in.rank());
      if (in.dims()[at] != 1) {
        throw new IllegalArgumentException(
            "cannot squeeze axis " + axis + " of shape " + Arrays.toString(in.dims()));
      }
      dropped[at] = true;
    }
    int[] kept =
        IntStream.range(0, in.rank())
            .filter(axis -> !dropped[axis])
            .map(axis -> in.dims()[axis])
            .toArray();
    return in.reshaped(kept);
  }

  private static OnnxArray concat(ConstantCall call) {
    OnnxArray first = call.input(0);
    int axis = Call.axis(call.node().integer("axis", 0), first.rank());
    int[] dims = first.dims().clone();
    dims[axis] = 0;
    for (OnnxArray input : call.inputs()) {
      int[] rest = input.dims().clone();
      if (rest.length != dims.length) {
        throw new IllegalArgumentException("its inputs differ in rank");
      }
      dims[axis] = Math.addExact(dims[axis], rest[axis]);
      rest[axis] = first.dims()[axis];
      if (!Arrays.equals(rest, first.dims())) {
        throw new IllegalArgumentException("its inputs differ in other axes than " + axis);
      }
    }
    return concat(call, axis, dims);
  }

  private static OnnxArray concat(ConstantCall call, int axis, int[] dims) {
    int size = call.budget().claim(dims);
    boolean isFloat = call.input(0).isFloat();
    float[] floats = new float[isFloat ? size : 0];
    long[] integers = new long[isFloat ? 0 : size];
    byte[] powers = new byte[integers.length];
    int inner = product(dims, axis + 1, dims.length);
    int start = 0;
    for (OnnxArray input : call.inputs()) {
      int chunk = input.dims()[axis] * inner;
      for (int i = 0; i < input.size(); i++) {
        int at = i / chunk * dims[axis] * inner + start + i % chunk;
        if (isFloat) {
          floats[at] = (float) input.number(i);
        } else {
          integers[at] = input.integer(i);
          powers[at] = (byte) input.power(i);
        }
      }
      start += chunk;
    }
    return isFloat
        ? OnnxArray.ofFloats(floats, dims)
        : OnnxArray.ofBatchMultiples(integers, powers, dims);
  }

  private static OnnxArray slice(ConstantCall call) {
    OnnxArray in = call.input(0);
    int[] dims = in.dims().clone();
    int[] starts = new int[dims.length];
    int[] steps = new int[dims.length];
    Arrays.fill(steps, 1);
    for (SliceRange range : SliceRange.of(call, dims.length)) {
      int length = in.dims()[range.axis()];
      dims[range.axis()] = range.count(length);
      starts[range.axis()] = range.first(length);
      steps[range.axis()] = (int) Math.max(-length, Math.min(length, range.step()));
    }
    return strided(call, in, dims, starts, steps);
  }

  static OnnxArray strided(ConstantCall call, OnnxArray in, int[] dims, int[] starts, int[] steps) {
    int[] strides = Broadcast.strides(in.dims());
    int offset = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      offset += starts[axis] * strides[axis];
      strides[axis] *= steps[axis];
    }
    return in.select(dims, call.budget().claim(dims), Broadcast.strided(dims, strides, offset));
  }

  private static OnnxArray constantOfShape(ConstantCall call) {
    int[] dims = dims(call.constant(0, "shape").plainIntegers("its shape"));
    TensorProto value = call.node().tensor("value");
    int size = call.budget().claim(dims);
    OnnxArray one =
        value == null
            ? OnnxArray.ofFloats(new float[1], 1)
            : new OnnxTensors("it", null).read(value);
    one.scalar("value");
    return one.select(dims, size, i -> 0);
  }

  private static int[] dims(long[] values) {
    for (long value : values) {
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("dimension " + value + " is out of range");
      }
    }
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private static OnnxArray range(ConstantCall call) {
    double start = call.input(0).scalar("start");
    double limit = call.input(1).scalar("limit");
    double delta = call.input(2).scalar("delta");
    double count = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(count < Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a range from " + start + " to " + limit + " by " + delta + " does not end");
    }
    int size = call.budget().claim((int) count);
    if (call.input(0).isFloat()) {
      float[] data = new float[size];
      for (int i = 0; i < size; i++) {
        data[i] = (float) (start + i * delta);
      }
      return OnnxArray.ofFloats(data, size);
    }
    long first = (long) start;
    long step = (long) delta;
    return OnnxArray.ofIntegers(
        LongStream.range(0, size).map(i -> first + i * step).toArray(), size);
  }

  private static OnnxArray expand(ConstantCall call) {
    OnnxArray in = call.input(0);
    int[] dims = Broadcast.dims(in.dims(), dims(call.input(1).plainIntegers("its shape")));
    return in.select(dims, call.budget().claim(dims), Broadcast.source(in.dims(), dims));
  }

  private static OnnxArray reshape(ConstantCall call) {
    OnnxArray in = call.input(0);
    long[] target = call.input(1).plainIntegers("its shape");
    boolean zeroCopies = !call.node().flag("allowzero", false);
    int known = 1;
    int open = -1;
    for (int axis = 0; axis < target.length; axis++) {
      if (target[axis] == 0 && zeroCopies) {
        target[axis] = in.dims()[Call.axis(axis, in.rank())];
      }
      if (target[axis] == -1 && open < 0) {
        open = axis;
      } else {
        known = Math.multiplyExact(known, dims(new long[] {target[axis]})[0]);
      }
    }
    if (open >= 0) {
      target[open] = known == 0 ? 0 : in.size() / known;
    }
    int[] dims = dims(target);
    if (product(dims, 0, dims.length) != in.size()) {
      throw new IllegalArgumentException(
          "cannot reshape " + Arrays.toString(in.dims()) + " to " + Arrays.toString(dims));
    }
    return in.reshaped(dims);
  }

  private static OnnxArray flatten(ConstantCall call) {
    OnnxArray in = call.input(0);
    long given = call.node().integer("axis", 1);
    int axis = given == in.rank() ? in.rank() : Call.axis(given, in.rank());
    return in.reshaped(product(in.dims(), 0, axis), product(in.dims(), axis, in.rank()));
  }

  private static OnnxArray transpose(ConstantCall call) {
    OnnxArray in = call.input(0);
    int[] permutation = permutation(call.node(), in.rank());
    int[] from = Broadcast.strides(in.dims());
    int[] dims = new int[in.rank()];
    int[] strides = new int[in.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = in.dims()[permutation[axis]];
      strides[axis] = from[permutation[axis]];
    }
    IntUnaryOperator source = Broadcast.strided(dims, strides, 0);
    return in.select(dims, call.budget().claim(dims), source);
  }

  /** The permutation of a Transpose node; without the attribute it reverses the axes. */
  static int[] permutation(OnnxNode node, int rank) {
    long[] given = node.integers("perm");
    long[] permutation =
        given == null ? LongStream.range(0, rank).map(i -> rank - 1 - i).toArray() : given;
    if (!Arrays.equals(
        Arrays.stream(permutation).sorted().toArray(), LongStream.range(0, rank).toArray())) {
      throw new IllegalArgumentException(
          "perm " + Arrays.toString(permutation) + " is no order of " + rank + " axes");
    }
    return Arrays.stream(permutation).mapToInt(Math::toIntExact).toArray();
  }
}
