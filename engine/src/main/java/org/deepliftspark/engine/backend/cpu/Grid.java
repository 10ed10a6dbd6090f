package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Program;

/**
 * How the axes of a program become loops. Lanes are the references of a row where there are
 * several, otherwise the rows; they are taken in chunks. Axes of length 1 are left out.
 *
 * @param lane the axis whose elements are the lanes
 * @param lanes how many make a chunk
 * @param shareReferences whether what depends on references alone is kept for all rows, not
 *     computed again for every row
 */
record Grid(Program.Sizes sizes, Axis lane, int lanes, boolean shareReferences) {

  /** Where in the loops a value is computed. */
  enum Level {
    /** Once, for all batches. */
    SHARED,
    /** Once per row, where the lanes are its references. */
    ROW,
    LANE
  }

  static Grid of(Program.Sizes sizes, int lanes, boolean shareReferences) {
    Axis lane = sizes.references() > 1 ? Axis.REFERENCE : Axis.ROW;
    return new Grid(sizes, lane, lanes, shareReferences);
  }

  /** An extent without axes of length 1. */
  Extent clean(Extent extent) {
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : extent.axes()) {
      if (axis == Axis.ROW || sizes.of(axis, 1) > 1) {
        axes.add(axis);
      }
    }
    if (axes.contains(Axis.REFERENCE) && !shareReferences) {
      axes.add(Axis.ROW);
    }
    return Extent.of(axes.toArray(Axis[]::new));
  }

  Level level(Extent clean) {
    if (!clean.has(Axis.ROW)) {
      return Level.SHARED;
    }
    return clean.has(lane) ? Level.LANE : Level.ROW;
  }

  /** Row of the batch that a frame stands at. */
  int row(Frame frame) {
    return lane == Axis.ROW ? frame.absoluteLane() : frame.row();
  }

  int reference(Frame frame) {
    return lane == Axis.REFERENCE ? frame.absoluteLane() : 0;
  }

  /** Position among the elements of an extent, as arrays from outside and for outside hold them. */
  int element(Extent extent, Frame frame, int rows) {
    int element = extent.has(Axis.TARGET) ? frame.target() : 0;
    element = extent.has(Axis.SAMPLE) ? element * sizes.samples() + frame.sample() : element;
    element = extent.has(Axis.ROW) ? element * rows + row(frame) : element;
    return extent.has(Axis.REFERENCE) ? element * sizes.references() + reference(frame) : element;
  }
}
