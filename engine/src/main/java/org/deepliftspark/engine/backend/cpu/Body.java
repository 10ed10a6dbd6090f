package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;

/**
 * Steps that run one after the other for one row or lane: first those without further axes, then
 * for every sample those that vary over samples, and within that for every target those that vary
 * over targets. A step with targets but no samples, where there are several of both, runs among the
 * first, for all targets.
 */
final class Body {
  /** Loops that are nested in a body, from the outermost. */
  private final List<Axis> axes;

  private final List<List<Step>> depths = new ArrayList<>();

  Body(Grid grid) {
    this.axes =
        grid.sizes().samples() > 1
            ? grid.sizes().targets() > 1 ? List.of(Axis.SAMPLE, Axis.TARGET) : List.of(Axis.SAMPLE)
            : grid.sizes().targets() > 1 ? List.of(Axis.TARGET) : List.of();
    for (int depth = 0; depth <= axes.size(); depth++) {
      depths.add(new ArrayList<>());
    }
  }

  /** Loops from the outermost; steps at depth {@code d} run within the first {@code d}. */
  List<Axis> axes() {
    return axes;
  }

  List<Step> depth(int depth) {
    return depths.get(depth);
  }

  void add(Step step) {
    depths.get(depthOf(step.extent())).add(step);
  }

  private int depthOf(Extent extent) {
    int depth = 0;
    while (depth < axes.size() && extent.has(axes.get(depth))) {
      depth++;
    }
    return depth;
  }

  /** Fuses element-wise steps. */
  void fuse(Readers readers) {
    depths.replaceAll(steps -> Fusion.fuse(steps, readers));
  }
}
