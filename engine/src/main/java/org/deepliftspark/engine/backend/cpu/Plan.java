package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;

/**
 * A program as loops over kernels, with a place for every value.
 *
 * @param program what it computes
 * @param grid its loops
 * @param schedule its steps
 * @param buffers where values are
 */
record Plan(Program program, Grid grid, Schedule schedule, BufferPlan buffers) {
  /** Lanes that share one reading of large weights. */
  private static final int MOST_LANES = 16;

  /** Memory of a workspace that needs a reason to be passed. */
  private static final long USUAL_BYTES = 256L << 20;

  /** Values of references that are kept for all rows; beyond, they are computed again. */
  private static final long MOST_SHARED_BYTES = 512L << 20;

  /**
   * @param memoryBytes bound for the buffers of a thread, if it can be kept; 0 for the usual one
   */
  static Plan of(Program program, Weights weights, long memoryBytes) {
    boolean batched =
        program.instructions().stream()
            .anyMatch(
                i ->
                    i instanceof Instruction.Dense dense
                        && Products.isBatched(dense, Grid.of(program.sizes(), 1, true)));
    long allowed = memoryBytes == 0 ? USUAL_BYTES : memoryBytes;
    boolean share = sharedBytes(program) <= MOST_SHARED_BYTES;
    int lanes = batched && Gemm.keepsRows() ? MOST_LANES : 1;
    Plan plan = of(program, weights, Grid.of(program.sizes(), lanes, share));
    while (lanes > 1 && plan.ownBytes() > allowed) {
      lanes /= 2;
      plan = of(program, weights, Grid.of(program.sizes(), lanes, share));
    }
    return plan;
  }

  private static Plan of(Program program, Weights weights, Grid grid) {
    Schedule schedule = Schedule.of(Lowering.steps(program, grid, weights), grid);
    return new Plan(program, grid, schedule, BufferPlan.of(schedule, grid));
  }

  /** Values that vary over references alone, all at once. */
  private static double sharedBytes(Program program) {
    double bytes = 0;
    for (Instruction instruction : program.instructions()) {
      Extent extent = instruction.out().extent();
      if (extent.has(Axis.REFERENCE) && !extent.has(Axis.ROW)) {
        bytes +=
            (double) program.sizes().of(extent, 1) * instruction.out().shape().size() * Float.BYTES;
      }
    }
    return bytes;
  }

  long ownBytes() {
    long bytes = 0;
    for (long size : buffers.ownSizes()) {
      bytes += size * Float.BYTES;
    }
    return bytes;
  }

  /** Rows that a batch should have. */
  int rows() {
    return grid.lane() == Axis.ROW ? Math.max(grid.lanes(), MOST_LANES) : 1;
  }
}
