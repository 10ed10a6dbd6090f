package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.backend.cpu.TileAction.Call;
import org.deepliftspark.engine.backend.cpu.TileAction.Load;
import org.deepliftspark.engine.backend.cpu.TileAction.Store;

/**
 * Several element-wise operations in one visit of memory: a tile of every operand is copied to the
 * heap, the operations run there, and what is needed later is copied back. Values that only these
 * operations use never leave the heap. Where some are stored in planes of windows (see {@link
 * Tiling}), a tile is the same stretch of every plane, one after the other.
 */
final class ElementwiseTile implements Kernel {
  private final int plane;
  private final int planes;
  private final int tile;
  private final int arrays;
  private final List<Repeat> repeats = new ArrayList<>();
  private final List<TileAction> actions;

  /** A short cell that fills an array, again and again. */
  private record Repeat(int array, Cell cell) {}

  /** An operand as an array holds it. */
  private record Held(Cell cell, boolean repeated) {}

  /**
   * @param operations in order; results have one number for every one of a plane, or of all planes
   * @param needed results that others read
   */
  ElementwiseTile(List<TileOperation> operations, Set<Cell> needed) {
    boolean mixed = operations.stream().anyMatch(TileOperation::isPool);
    int size = operations.get(0).out().size();
    mixed |= operations.stream().anyMatch(operation -> operation.out().size() != size);
    int most = operations.stream().mapToInt(TileOperation::planes).max().orElse(1);
    this.planes = mixed ? most : 1;
    this.plane = mixed ? operations.get(0).plane() : size;
    this.tile = tile(operations, planes);
    Map<Held, Integer> held = new HashMap<>();
    List<TileAction> all = new ArrayList<>();
    for (TileOperation operation : operations) {
      all.add(call(operation, held, all));
      Cell out = operation.out();
      if (needed.contains(out)) {
        all.add(new Store(held.get(new Held(out, false)), out));
      }
    }
    TileArrays shared = TileArrays.of(all, held.size(), repeats.stream().map(Repeat::array));
    this.actions = shared.actions();
    this.arrays = shared.count();
    repeats.replaceAll(repeat -> new Repeat(shared.array(repeat.array()), repeat.cell()));
  }

  private Call call(TileOperation operation, Map<Held, Integer> held, List<TileAction> all) {
    int count = operation.operands().size();
    int[] in = new int[count];
    float[][] constants = new float[count][];
    for (int i = 0; i < count; i++) {
      TileOperand operand = operation.operands().get(i);
      if (operand.cell() == null) {
        constants[i] = filled(operand.number(), planes * tile);
      } else {
        in[i] = array(operand.cell(), operation.repeats(operand), held, all);
      }
    }
    held.put(new Held(operation.out(), false), held.size());
    int out = held.get(new Held(operation.out(), false));
    return new Call(operation.code(), in, constants, out, operation.out().size() == plane);
  }

  /** Where an operand is: made here, perhaps in another shape, or read; read once. */
  private int array(Cell operand, boolean repeated, Map<Held, Integer> held, List<TileAction> all) {
    Cell whole = operand.isWhole() ? operand.root() : operand;
    Held key = new Held(whole, repeated);
    Integer known = held.get(key);
    if (known != null) {
      return known;
    }
    int array = held.size();
    held.put(key, array);
    if (repeated) {
      repeats.add(new Repeat(array, whole));
    } else {
      all.add(new Load(array, whole));
    }
    return array;
  }

  /** A whole number of periods of every operand that repeats. */
  private static int tile(List<TileOperation> operations, int planes) {
    int period = 1;
    for (TileOperation operation : operations) {
      period = Math.max(period, period(operation));
    }
    return Math.max(1, Tiles.SIZE / planes / period) * period;
  }

  /** The length of operands that repeat along the result; 1 if there are none. */
  static int period(TileOperation operation) {
    int period = 1;
    for (TileOperand operand : operation.operands()) {
      if (operation.repeats(operand)) {
        period = Math.max(period, operand.cell().size());
      }
    }
    return period;
  }

  private static float[] filled(float number, int size) {
    float[] tile = new float[size];
    Arrays.fill(tile, number);
    return tile;
  }

  @Override
  public void run(Frame frame) {
    float[][] tiles = new float[arrays + TileCalls.SCRATCH][];
    for (int i = 0; i < tiles.length; i++) {
      tiles[i] = frame.tile(i, planes * tile);
    }
    for (Repeat repeat : repeats) {
      repeat(frame, repeat.cell(), tiles[repeat.array()], Math.min(tile, plane) * planes);
    }
    for (int from = 0; from < plane; from += tile) {
      int n = Math.min(tile, plane - from);
      for (TileAction action : actions) {
        if (action instanceof Call call) {
          TileCalls.run(call, tiles, n, planes);
        } else if (action instanceof Load load) {
          load(frame, load.cell(), from, tiles[load.array()], n);
        } else if (action instanceof Store store) {
          store(frame, store.cell(), from, tiles[store.array()], n);
        }
      }
    }
  }

  private void load(Frame frame, Cell cell, int from, float[] array, int n) {
    int count = cell.size() / plane;
    for (int i = 0; i < count; i++) {
      cell.read(frame, from + i * plane, array, i * n, n);
    }
  }

  private void store(Frame frame, Cell cell, int from, float[] array, int n) {
    int count = cell.size() / plane;
    for (int i = 0; i < count; i++) {
      cell.write(frame, from + i * plane, array, i * n, n);
    }
  }

  private static void repeat(Frame frame, Cell cell, float[] tile, int n) {
    int filled = cell.size();
    cell.read(frame, 0, tile, 0, filled);
    while (filled < n) {
      int count = Math.min(filled, n - filled);
      System.arraycopy(tile, 0, tile, filled, count);
      filled += count;
    }
  }
}
