package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.program.Extent;

/**
 * Joins element-wise steps of equal length, or with planes of equal length: each goes to the last
 * group that makes one of its operands, while the operand is at hand, or to the group just before
 * it.
 */
final class Fusion {
  private final Readers readers;
  private final List<Object> places = new ArrayList<>();
  private final Map<Cell, Integer> madeAt = new HashMap<>();

  private Fusion(Readers readers) {
    this.readers = readers;
  }

  private static final class Group {
    final List<TileOperation> operations = new ArrayList<>();
    final Set<Cell> made = new HashSet<>();
    final Set<Cell> known = new HashSet<>();
    final Extent extent;
    final int plane;
    int planes;
    int period = 1;

    Group(Step step) {
      this.extent = step.extent();
      this.plane = step.operation().plane();
      this.planes = step.operation().planes();
    }

    boolean fits(Step step) {
      TileOperation operation = step.operation();
      int other = ElementwiseTile.period(operation);
      boolean samePeriod = other == 1 || period == 1 || other == period;
      boolean samePlanes = planes == 1 || operation.planes() == 1 || operation.planes() == planes;
      boolean sameLength = operation.plane() == plane && step.extent().equals(extent);
      return sameLength
          && samePlanes
          && samePeriod
          && operation.operands().stream().allMatch(this::isAtHand);
    }

    boolean knowsOneOf(List<Cell> cells) {
      return cells.stream().anyMatch(cell -> known.contains(cell.root()));
    }

    /** A stretch of what the group itself makes lies elsewhere in the tile. */
    private boolean isAtHand(TileOperand operand) {
      Cell cell = operand.cell();
      return cell == null || !made.contains(cell.root()) || cell.isWhole();
    }

    void add(Step step) {
      operations.add(step.operation());
      made.add(step.operation().out());
      known.add(step.operation().out());
      step.reads().forEach(cell -> known.add(cell.root()));
      planes = Math.max(planes, step.operation().planes());
      period = Math.max(period, ElementwiseTile.period(step.operation()));
    }

    /** True for what is read stretch by stretch just before its place in the result is written. */
    boolean isInStep(Cell cell) {
      return cell.isWhole() && (cell.size() == plane || cell.size() == planes * plane);
    }
  }

  static List<Step> fuse(List<Step> steps, Readers readers) {
    Fusion fusion = new Fusion(readers);
    steps.forEach(fusion::place);
    return fusion.result();
  }

  private void place(Step step) {
    int at = step.operation() == null ? -1 : groupFor(step);
    if (at < 0) {
      at = places.size();
      places.add(step.operation() == null ? step : new Group(step));
    }
    if (places.get(at) instanceof Group group) {
      group.add(step);
    }
    for (Cell cell : step.writes()) {
      madeAt.put(cell.root(), at);
    }
  }

  /**
   * The place of the group that a step joins, or -1: the one that makes its last operand, the first
   * one after it that reads one of its operands anyway, or the one just before it.
   */
  private int groupFor(Step step) {
    int latest = -1;
    for (Cell cell : step.reads()) {
      latest = Math.max(latest, madeAt.getOrDefault(cell.root(), -1));
    }
    int last = places.size() - 1;
    for (int at = Math.max(0, latest); at <= last; at++) {
      if (places.get(at) instanceof Group group
          && (at == latest || at == last || group.knowsOneOf(step.reads()))
          && group.fits(step)) {
        return at;
      }
    }
    return -1;
  }

  private List<Step> result() {
    List<Step> fused = new ArrayList<>();
    for (Object place : places) {
      fused.add(place instanceof Group group ? step(group) : (Step) place);
    }
    return fused;
  }

  private Step step(Group group) {
    Map<Cell, Integer> within = new HashMap<>();
    Set<Cell> reads = new HashSet<>();
    List<Cell> inOrder = new ArrayList<>();
    for (TileOperation operation : group.operations) {
      Set<Cell> roots = new HashSet<>();
      for (TileOperand operand : operation.operands()) {
        Cell cell = operand.cell();
        if (cell != null && roots.add(cell.root())) {
          within.merge(cell.root(), 1, Integer::sum);
        }
        if (cell != null && !group.made.contains(cell.root()) && reads.add(cell)) {
          inOrder.add(cell);
        }
      }
    }
    List<Cell> writes = new ArrayList<>();
    for (TileOperation operation : group.operations) {
      Cell out = operation.out();
      if (readers.of(out) > within.getOrDefault(out, 0)) {
        writes.add(out);
      }
    }
    Set<Cell> needed = new HashSet<>(writes);
    Kernel kernel = new ElementwiseTile(group.operations, needed);
    return new Step(inOrder, writes, group.extent, false, null, reused(group, needed), kernel);
  }

  /**
   * Operands that were read when the first result is written, so that it may take their place; not
   * those of which other stretches are read too.
   */
  private static List<Cell> reused(Group group, Set<Cell> needed) {
    Set<Cell> read = new LinkedHashSet<>();
    Set<Cell> others = new HashSet<>();
    boolean before = true;
    for (TileOperation operation : group.operations) {
      for (TileOperand operand : operation.operands()) {
        Cell cell = operand.cell();
        if (cell != null && !group.isInStep(cell)) {
          others.add(cell.root());
        } else if (cell != null && before && !group.made.contains(cell.root())) {
          read.add(cell.root());
        }
      }
      before &= !needed.contains(operation.out());
    }
    read.removeAll(others);
    return List.copyOf(read);
  }
}
