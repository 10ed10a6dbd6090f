package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Moves numbers: transposes, slices, pads, joins, repeats, and changes of layout are all copies
 * between places with strides.
 */
final class StridedCopy implements Kernel {
  private final Cell out;
  private final float fill;
  private final boolean covers;
  private final List<Part> parts;

  /**
   * One array of numbers to copy.
   *
   * @param dims how many along each axis
   * @param from stored distance between neighbors where they are read; 0 repeats
   * @param to the same where they are written
   * @param fromStart first number read
   * @param toStart first number written
   */
  record Part(Cell x, int[] dims, int[] from, int[] to, int fromStart, int toStart) {
    /**
     * The same numbers in fewer and longer lines: axes whose numbers are neighbors on both sides
     * are one axis, which comes last.
     */
    Part merged() {
      boolean[] taken = new boolean[dims.length];
      int length = 1;
      for (int axis = neighbor(length, taken); axis >= 0; axis = neighbor(length, taken)) {
        taken[axis] = true;
        length *= dims[axis];
      }
      if (length == 1) {
        return this;
      }
      int[] left = IntStream.range(0, dims.length).filter(axis -> !taken[axis]).toArray();
      return new Part(
          x, with(dims, left, length), with(from, left, 1), with(to, left, 1), fromStart, toStart);
    }

    /** An axis along which steps are as long as what is merged already; -1 if there is none. */
    private int neighbor(int length, boolean[] taken) {
      for (int axis = 0; axis < dims.length; axis++) {
        if (!taken[axis] && dims[axis] > 1 && from[axis] == length && to[axis] == length) {
          return axis;
        }
      }
      return -1;
    }

    private static int[] with(int[] numbers, int[] axes, int last) {
      return IntStream.concat(IntStream.of(axes).map(axis -> numbers[axis]), IntStream.of(last))
          .toArray();
    }
  }

  /**
   * @param fill what stands where no part is copied to
   */
  StridedCopy(Cell out, float fill, List<Part> parts) {
    this.out = out;
    this.fill = fill;
    this.parts = parts.stream().map(Part::merged).toList();
    int copied = 0;
    for (Part part : parts) {
      int count = 1;
      for (int dim : part.dims()) {
        count *= dim;
      }
      copied += count;
    }
    this.covers = copied == out.size();
  }

  @Override
  public void run(Frame frame) {
    float[] target = frame.array(0, out.size());
    if (!covers) {
      Arrays.fill(target, 0, out.size(), fill);
    }
    for (Part part : parts) {
      copy(part, part.x().read(frame, 1), target);
    }
    out.write(frame, 0, target, out.size());
  }

  private static void copy(Part part, float[] source, float[] target) {
    int[] dims = part.dims();
    if (dims.length == 0) {
      target[part.toStart()] = source[part.fromStart()];
      return;
    }
    int last = dims.length - 1;
    int[] index = new int[last];
    int from = part.fromStart();
    int to = part.toStart();
    while (true) {
      line(source, from, part.from()[last], target, to, part.to()[last], dims[last]);
      int axis = last - 1;
      while (axis >= 0 && ++index[axis] == dims[axis]) {
        from -= part.from()[axis] * (dims[axis] - 1);
        to -= part.to()[axis] * (dims[axis] - 1);
        index[axis] = 0;
        axis--;
      }
      if (axis < 0) {
        return;
      }
      from += part.from()[axis];
      to += part.to()[axis];
    }
  }

  private static void line(
      float[] source, int from, int step, float[] target, int to, int toStep, int count) {
    if (step == 1 && toStep == 1) {
      System.arraycopy(source, from, target, to, count);
    } else if (step == 0 && toStep == 1) {
      Arrays.fill(target, to, to + count, source[from]);
    } else {
      for (int i = 0; i < count; i++) {
        target[to + i * toStep] = source[from + i * step];
      }
    }
  }
}
