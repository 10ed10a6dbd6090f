package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Program;

/** Runs the steps of a body, or a list of steps each over its whole extent. */
final class LoopNest {
  private final Program.Sizes sizes;
  private final List<Run> runs = new ArrayList<>();
  private final Axis innerAxis;
  private final LoopNest inner;

  /** A kernel and the axes that no loop around it runs over. */
  private record Run(Kernel kernel, boolean references, boolean samples, boolean targets) {}

  private LoopNest(Program.Sizes sizes, List<Step> steps, Extent looped, Axis axis, LoopNest in) {
    this.sizes = sizes;
    for (Step step : steps) {
      runs.add(
          new Run(
              step.kernel(),
              isOver(step, Axis.REFERENCE, looped),
              isOver(step, Axis.SAMPLE, looped),
              isOver(step, Axis.TARGET, looped)));
    }
    this.innerAxis = axis;
    this.inner = in;
  }

  private static boolean isOver(Step step, Axis axis, Extent looped) {
    return step.extent().has(axis) && !looped.has(axis);
  }

  /** Each step by itself. */
  static LoopNest of(List<Step> steps, Program.Sizes sizes) {
    return new LoopNest(sizes, steps, Extent.NONE, null, null);
  }

  /**
   * @param looped axes of loops around the body
   */
  static LoopNest of(Body body, Extent looped, Program.Sizes sizes) {
    return of(body, 0, looped, sizes);
  }

  private static LoopNest of(Body body, int depth, Extent looped, Program.Sizes sizes) {
    if (depth == body.axes().size()) {
      return new LoopNest(sizes, body.depth(depth), looped, null, null);
    }
    Axis axis = body.axes().get(depth);
    LoopNest inner = of(body, depth + 1, looped.union(Extent.of(axis)), sizes);
    return new LoopNest(sizes, body.depth(depth), looped, axis, inner.isEmpty() ? null : inner);
  }

  private boolean isEmpty() {
    return runs.isEmpty() && inner == null;
  }

  void run(Frame frame) {
    for (Run run : runs) {
      run(run, frame);
    }
    if (inner == null) {
      return;
    }
    int length = sizes.of(innerAxis, 1);
    for (int i = 0; i < length; i++) {
      if (innerAxis == Axis.SAMPLE) {
        frame.sample(i);
      } else {
        frame.target(i);
      }
      inner.run(frame);
    }
  }

  private void run(Run run, Frame frame) {
    if (!run.references() && !run.samples() && !run.targets()) {
      run.kernel().run(frame);
      return;
    }
    int references = run.references() ? sizes.references() : 1;
    int samples = run.samples() ? sizes.samples() : 1;
    int targets = run.targets() ? sizes.targets() : 1;
    for (int reference = 0; reference < references; reference++) {
      if (run.references()) {
        frame.lane(0, reference);
      }
      for (int sample = 0; sample < samples; sample++) {
        if (run.samples()) {
          frame.sample(sample);
        }
        for (int target = 0; target < targets; target++) {
          if (run.targets()) {
            frame.target(target);
          }
          run.kernel().run(frame);
        }
      }
    }
  }
}
