package org.deepliftspark.engine.program;

/**
 * Where an output's element of a target, sample, row and reference is; axes that the output does
 * not vary over do not count.
 */
public final class Elements {
  private final Program.Sizes sizes;
  private final Extent extent;
  private final int size;
  private final int rows;

  /**
   * @param name of an output of the program
   * @param rows of the batch
   */
  public Elements(Program program, String name, int rows) {
    Program.Output output =
        program.outputs().stream().filter(o -> o.name().equals(name)).findFirst().orElseThrow();
    this.sizes = program.sizes();
    this.extent = output.value().extent();
    this.size = output.value().shape().size();
    this.rows = rows;
  }

  /** Numbers of one element. */
  public int size() {
    return size;
  }

  public boolean varyOver(Axis axis) {
    return extent.has(axis);
  }

  /** Samples of the output; 1 if it does not vary over them. */
  public int samples() {
    return extent.has(Axis.SAMPLE) ? sizes.samples() : 1;
  }

  /** Position of an element, counted in elements. */
  public int of(int target, int sample, int row, int reference) {
    int index = extent.has(Axis.TARGET) ? target : 0;
    index = extent.has(Axis.SAMPLE) ? index * sizes.samples() + sample : index;
    index = extent.has(Axis.ROW) ? index * rows + row : index;
    return extent.has(Axis.REFERENCE) ? index * sizes.references() + reference : index;
  }
}
