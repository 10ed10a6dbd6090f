package org.deepliftspark.engine.backend.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many steps read a cell. */
final class Readers {
  private final Map<Cell, Integer> counts = new HashMap<>();

  Readers(List<Step> steps) {
    for (Step step : steps) {
      step.reads().stream()
          .map(Cell::root)
          .distinct()
          .forEach(c -> counts.merge(c, 1, Integer::sum));
    }
  }

  int of(Cell cell) {
    return counts.getOrDefault(cell.root(), 0);
  }
}
