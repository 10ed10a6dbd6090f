package org.deepliftspark.engine.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Program;

/**
 * Where the numbers of a value are kept while a program runs. Made when a program is lowered; the
 * {@link BufferPlan} then gives it a place, and from there on it does not change. Several cells may
 * be views of one.
 */
final class Cell {
  private final int size;
  private final Extent extent;
  private final Layout layout;
  private final Cell root;
  private final int shift;

  private boolean shared;
  private int buffer = -1;
  private int laneStride;
  private int sampleStride;
  private int targetStride;

  /**
   * @param size numbers of one element of the extent
   */
  Cell(int size, Extent extent, Layout layout) {
    this.size = size;
    this.extent = extent;
    this.layout = layout;
    this.root = this;
    this.shift = 0;
  }

  private Cell(Cell of, int shift, int size, Layout layout) {
    this.size = size;
    this.extent = of.extent;
    this.layout = layout;
    this.root = of.root;
    this.shift = of.shift + shift;
  }

  /** The same numbers in another order of axes, or a stretch of them. */
  Cell view(int shift, int size, Layout layout) {
    return new Cell(this, shift, size, layout);
  }

  int size() {
    return size;
  }

  Extent extent() {
    return extent;
  }

  Layout layout() {
    return layout;
  }

  /** The cell that holds the numbers; this one, unless it is a view. */
  Cell root() {
    return root;
  }

  /** Says how a root's elements follow each other; strides are counted in elements. */
  void arrange(boolean ofAll, int lanes, int samples, int targets) {
    this.shared = ofAll;
    this.laneStride = lanes;
    this.sampleStride = samples;
    this.targetStride = targets;
  }

  /** Numbers of all elements that a root has room for. */
  long room(Program.Sizes sizes, int lanes) {
    long elements = 1;
    elements *= laneStride > 0 ? lanes : 1;
    elements *= sampleStride > 0 ? sizes.samples() : 1;
    elements *= targetStride > 0 ? sizes.targets() : 1;
    return elements * size;
  }

  /** True if this cell and another have the same numbers in the same place. */
  boolean isAt(Cell other, Frame frame) {
    return root.shared == other.root.shared
        && root.buffer == other.root.buffer
        && offset(frame) == other.offset(frame);
  }

  /** True if it is a root, or shows all numbers of its root. */
  boolean isWhole() {
    return size == root.size;
  }

  /** True if a root has room for several elements. */
  boolean isSpread() {
    return laneStride + sampleStride + targetStride > 0;
  }

  /** Gives a root its place. */
  void place(int number) {
    this.buffer = number;
  }

  /** Position of the first number of the element that a frame stands at. */
  int offset(Frame frame) {
    int lane = root.shared ? frame.absoluteLane() : frame.lane();
    int element =
        lane * root.laneStride
            + frame.sample() * root.sampleStride
            + frame.target() * root.targetStride;
    return element * root.size + shift;
  }

  /** Copies {@code count} numbers from {@code from} on to the start of a tile. */
  void read(Frame frame, int from, float[] tile, int count) {
    read(frame, from, tile, 0, count);
  }

  /** Copies {@code count} numbers from {@code from} on to a place in an array. */
  void read(Frame frame, int from, float[] array, int at, int count) {
    frame.memory(root.shared).buffer(root.buffer).get(offset(frame) + from, array, at, count);
  }

  /** Copies {@code count} numbers from the start of a tile to {@code to} on. */
  void write(Frame frame, int to, float[] tile, int count) {
    write(frame, to, tile, 0, count);
  }

  /** Copies {@code count} numbers from a place in an array to {@code to} on. */
  void write(Frame frame, int to, float[] array, int at, int count) {
    frame.memory(root.shared).buffer(root.buffer).put(offset(frame) + to, array, at, count);
  }

  /** All numbers of the element, in one of the frame's arrays. */
  float[] read(Frame frame, int array) {
    float[] numbers = frame.array(array, size);
    read(frame, 0, numbers, size);
    return numbers;
  }

  /** Address of a number; valid until the next call for the same buffer. */
  FloatPointer pointer(Frame frame, int from) {
    return frame.memory(root.shared).pointer(root.buffer).position((long) offset(frame) + from);
  }
}
