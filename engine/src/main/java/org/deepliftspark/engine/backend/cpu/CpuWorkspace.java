package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/** Runs the loops of a plan on one thread. */
final class CpuWorkspace implements Workspace {
  private final Plan plan;
  private final Memory memory;
  private final Frame frame;
  private final LoopNest sharedOutputs;
  private final LoopNest row;
  private final List<LoopNest> lanes = new ArrayList<>();

  CpuWorkspace(Plan plan, Memory shared) {
    this.plan = plan;
    this.memory = new Memory(plan.buffers().ownSizes());
    this.frame = new Frame(shared.view(), memory);
    Program.Sizes sizes = plan.program().sizes();
    Extent looped = Extent.of(Axis.ROW);
    this.sharedOutputs = LoopNest.of(plan.schedule().sharedOutputs(), sizes);
    this.row = LoopNest.of(plan.schedule().row(), looped, sizes);
    for (Schedule.Stage stage : plan.schedule().stages()) {
      lanes.add(LoopNest.of(stage.body(), looped.union(Extent.of(plan.grid().lane())), sizes));
    }
  }

  @Override
  public int preferredRows() {
    return plan.rows();
  }

  @Override
  public Map<String, Numbers> run(Batch batch) {
    Map<String, float[]> results = new LinkedHashMap<>();
    for (Program.Output output : plan.program().outputs()) {
      int count = plan.program().sizes().of(output.value().extent(), batch.rows());
      results.put(output.name(), new float[count * output.value().shape().size()]);
    }
    frame.begin(batch, results);
    frame.lane(0, 0);
    sharedOutputs.run(frame);
    if (plan.grid().lane() == Axis.ROW) {
      runLanes(batch.rows());
    } else {
      for (int i = 0; i < batch.rows(); i++) {
        frame.row(i);
        row.run(frame);
        runLanes(plan.program().sizes().references());
      }
    }
    frame.begin(null, null);
    Map<String, Numbers> numbers = new LinkedHashMap<>();
    results.forEach((name, array) -> numbers.put(name, Numbers.of(array)));
    return numbers;
  }

  private void runLanes(int count) {
    int chunk = plan.grid().lanes();
    for (int first = 0; first < count; first += chunk) {
      int used = Math.min(chunk, count - first);
      for (int stage = 0; stage < lanes.size(); stage++) {
        for (int lane = 0; lane < used; lane++) {
          frame.lane(first, lane);
          lanes.get(stage).run(frame);
        }
        frame.lane(first, 0);
        frame.sample(0);
        frame.target(0);
        for (Step step : plan.schedule().stages().get(stage).batched()) {
          step.kernel().run(frame);
        }
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
