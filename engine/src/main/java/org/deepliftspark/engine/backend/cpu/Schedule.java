package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of steps. What is shared comes first; then, for every row where the lanes are its
 * references, what belongs to the row; then lanes, chunk by chunk. A chunk runs in stages: within a
 * stage lane after lane, so that a lane's values stay in cache; between stages steps that take all
 * lanes together.
 */
final class Schedule {
  private final List<Step> shared;
  private final List<Step> sharedOutputs;
  private final Body row;
  private final List<Stage> stages;

  /**
   * @param body for every lane
   * @param batched then, for all lanes together
   */
  record Stage(Body body, List<Step> batched) {}

  private Schedule(List<Step> shared, List<Step> sharedOutputs, Body row, List<Stage> stages) {
    this.shared = shared;
    this.sharedOutputs = sharedOutputs;
    this.row = row;
    this.stages = stages;
  }

  static Schedule of(List<Step> steps, Grid grid) {
    Readers readers = new Readers(steps);
    List<Step> shared = new ArrayList<>();
    List<Step> outputs = new ArrayList<>();
    Body row = new Body(grid);
    List<Stage> stages = new ArrayList<>();
    Map<Cell, Integer> ready = new HashMap<>();
    for (Step step : steps) {
      switch (grid.level(step.extent())) {
        case SHARED -> (step.writes().isEmpty() ? outputs : shared).add(step);
        case ROW -> row.add(step);
        case LANE -> {
          int stage = 0;
          for (Cell cell : step.reads()) {
            stage = Math.max(stage, ready.getOrDefault(cell.root(), 0));
          }
          while (stages.size() <= stage) {
            stages.add(new Stage(new Body(grid), new ArrayList<>()));
          }
          if (step.batched()) {
            stages.get(stage).batched().add(step);
          } else {
            stages.get(stage).body().add(step);
          }
          for (Cell cell : step.writes()) {
            ready.put(cell.root(), step.batched() ? stage + 1 : stage);
          }
        }
      }
    }
    row.fuse(readers);
    stages.forEach(stage -> stage.body().fuse(readers));
    return new Schedule(Fusion.fuse(shared, readers), outputs, row, stages);
  }

  /** Once per program. */
  List<Step> shared() {
    return shared;
  }

  /** Once per batch: gives out what is shared. */
  List<Step> sharedOutputs() {
    return sharedOutputs;
  }

  Body row() {
    return row;
  }

  List<Stage> stages() {
    return stages;
  }
}
