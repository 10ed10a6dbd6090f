package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;

/**
 * Gives every cell a buffer. Cells whose lifetimes do not meet share one. A cell has room for one
 * element of its extent, unless elements that were computed in one loop are read outside of it.
 */
final class BufferPlan {
  private final Grid grid;
  private final List<Loop> loops = new ArrayList<>();
  private final Map<Cell, Life> lives = new LinkedHashMap<>();
  private int position;

  private final List<Buffer> sharedBuffers = new ArrayList<>();
  private final List<Buffer> ownBuffers = new ArrayList<>();

  /** Positions over which a loop runs; {@code axis} is null where nothing is indexed by it. */
  private record Loop(Axis axis, int from, int to) {
    boolean contains(int at) {
      return from <= at && at <= to;
    }
  }

  private static final class Life {
    final int made;
    final boolean shared;
    final List<Integer> reads = new ArrayList<>();
    List<Cell> reused = List.of();
    Buffer buffer;
    int from;
    int to;

    Life(int made, boolean shared) {
      this.made = made;
      this.shared = shared;
    }
  }

  private static final class Buffer {
    long size;
    int freeFrom;
    boolean kept;
  }

  private BufferPlan(Grid grid) {
    this.grid = grid;
  }

  /** Places the cells of a schedule. */
  static BufferPlan of(Schedule schedule, Grid grid) {
    BufferPlan plan = new BufferPlan(grid);
    schedule.shared().forEach(step -> plan.visit(step, true));
    int end = plan.position++;
    schedule.sharedOutputs().forEach(step -> plan.visit(step, true));
    plan.visitBodies(schedule);
    plan.lives.forEach((cell, life) -> plan.settle(cell, life));
    plan.assign(end);
    return plan;
  }

  private void visitBodies(Schedule schedule) {
    int row = position;
    visit(schedule.row());
    int chunk = position;
    for (Schedule.Stage stage : schedule.stages()) {
      int lane = position;
      visit(stage.body());
      loops.add(new Loop(grid.lane(), lane, position - 1));
      stage.batched().forEach(step -> visit(step, false));
    }
    loops.add(new Loop(null, chunk, position - 1));
    if (grid.lane() != Axis.ROW) {
      loops.add(new Loop(Axis.ROW, row, position - 1));
    }
  }

  private void visit(Body body) {
    List<Integer> starts = new ArrayList<>();
    for (int depth = 0; depth <= body.axes().size(); depth++) {
      starts.add(position);
      body.depth(depth).forEach(step -> visit(step, false));
    }
    for (int depth = 1; depth <= body.axes().size(); depth++) {
      loops.add(new Loop(body.axes().get(depth - 1), starts.get(depth), position - 1));
    }
  }

  private void visit(Step step, boolean shared) {
    for (Cell cell : step.reads()) {
      lives.get(cell.root()).reads.add(position);
    }
    for (Cell cell : step.writes()) {
      Life life = new Life(position, shared);
      life.reused = step.reused();
      lives.put(cell.root(), life);
    }
    position++;
  }

  /** Finds out which axes a cell needs room for, and from when to when it is in use. */
  private void settle(Cell cell, Life life) {
    Extent room = room(cell, life);
    life.from = life.made;
    life.to = life.made;
    for (Loop loop : loops) {
      if (loop.contains(life.made) && loop.axis() != null && room.has(loop.axis())) {
        life.from = Math.min(life.from, loop.from());
        life.to = Math.max(life.to, loop.to());
      }
    }
    for (int read : life.reads) {
      life.to = Math.max(life.to, read);
      for (Loop loop : loops) {
        boolean indexed = loop.axis() != null && room.has(loop.axis());
        if (loop.contains(read) && (!loop.contains(life.made) || indexed)) {
          life.to = Math.max(life.to, loop.to());
        }
      }
    }
    int lanes = life.shared ? grid.sizes().references() : grid.lanes();
    int laneStride = room.has(grid.lane()) ? 1 : 0;
    int sampleStride = room.has(Axis.SAMPLE) ? (laneStride == 1 ? lanes : 1) : 0;
    int inner = (laneStride == 1 ? lanes : 1) * (sampleStride > 0 ? grid.sizes().samples() : 1);
    int targetStride = room.has(Axis.TARGET) ? inner : 0;
    cell.arrange(life.shared, laneStride, sampleStride, targetStride);
  }

  /** The axes of a cell's extent that are not those of loops in which it is made and read. */
  private Extent room(Cell cell, Life life) {
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : cell.extent().axes()) {
      Loop made = loop(axis, life.made);
      boolean local = made != null && life.reads.stream().allMatch(made::contains);
      if (!local) {
        axes.add(axis);
      }
    }
    return Extent.of(axes.toArray(Axis[]::new));
  }

  private Loop loop(Axis axis, int at) {
    for (Loop loop : loops) {
      if (loop.axis() == axis && loop.contains(at)) {
        return loop;
      }
    }
    return null;
  }

  private void assign(int endOfShared) {
    List<Map.Entry<Cell, Life>> byStart = new ArrayList<>(lives.entrySet());
    byStart.sort(Comparator.comparingInt(entry -> entry.getValue().from));
    for (Map.Entry<Cell, Life> entry : byStart) {
      Life life = entry.getValue();
      List<Buffer> buffers = life.shared ? sharedBuffers : ownBuffers;
      int lanes = life.shared ? grid.sizes().references() : grid.lanes();
      long size = entry.getKey().room(grid.sizes(), lanes);
      Buffer taken = taken(entry.getKey(), life, size);
      Buffer buffer = taken == null ? free(buffers, life.from, size) : taken;
      life.buffer = buffer;
      buffer.size = Math.max(buffer.size, size);
      buffer.freeFrom = life.to + 1;
      buffer.kept |= life.shared && life.to > endOfShared;
      if (buffer.kept) {
        buffer.freeFrom = Integer.MAX_VALUE;
      }
      entry.getKey().place(buffers.indexOf(buffer));
    }
  }

  /**
   * The buffer of an operand that is read for the last time, and whose place the result may take
   * number by number; null if there is none.
   */
  private Buffer taken(Cell cell, Life life, long size) {
    if (life.shared) {
      return null;
    }
    for (Cell operand : life.reused) {
      Life other = lives.get(operand.root());
      Buffer buffer = other.buffer;
      if (!other.shared
          && other.to == life.made
          && life.from == life.made
          && buffer.freeFrom == life.made + 1
          && buffer.size >= size
          && !cell.isSpread()
          && !operand.root().isSpread()) {
        return buffer;
      }
    }
    return null;
  }

  /** The free buffer that fits best, or else the largest, or else a new one. */
  private static Buffer free(List<Buffer> buffers, int from, long size) {
    Buffer best = null;
    for (Buffer buffer : buffers) {
      if (buffer.freeFrom <= from && (best == null || isBetter(buffer.size, best.size, size))) {
        best = buffer;
      }
    }
    if (best == null) {
      best = new Buffer();
      buffers.add(best);
    }
    return best;
  }

  private static boolean isBetter(long size, long than, long needed) {
    if (size >= needed) {
      return than < needed || size < than;
    }
    return than < needed && size > than;
  }

  /** Numbers in each of the buffers that all threads share. */
  long[] sharedSizes() {
    return sizes(sharedBuffers);
  }

  /** Whether a shared buffer is read after what is shared was computed. */
  boolean isKept(int sharedBuffer) {
    return sharedBuffers.get(sharedBuffer).kept;
  }

  /** Numbers in each buffer of a thread. */
  long[] ownSizes() {
    return sizes(ownBuffers);
  }

  private static long[] sizes(List<Buffer> buffers) {
    return buffers.stream().mapToLong(buffer -> buffer.size).toArray();
  }
}
