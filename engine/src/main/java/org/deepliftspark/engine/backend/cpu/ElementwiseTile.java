package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.UnaryOp;

/**
 * Several element-wise operations in one visit of memory: a tile of every operand is copied to the
 * heap, the operations run there, and what is needed later is copied back. Values that only these
 * operations use never leave the heap.
 */
final class ElementwiseTile implements Kernel {
  private final int size;
  private final int tileSize;
  private final int registers;
  private final List<Source> sources = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();

  /** A cell that is read; shorter than the result if it repeats. */
  private record Source(int register, Cell cell) {
    boolean repeats(int size) {
      return cell.size() < size;
    }
  }

  /** One operation; operands and result are registers, {@code constant} ones are arrays. */
  private record Call(Object code, int[] in, float[][] constants, int out, Cell stored) {}

  /**
   * @param operations in order; all results have the same size and layout
   * @param needed results that others read
   */
  ElementwiseTile(List<TileOperation> operations, Set<Cell> needed) {
    this.size = operations.get(0).out().size();
    this.tileSize = tileSize(operations);
    Map<Cell, Integer> held = new HashMap<>();
    for (TileOperation operation : operations) {
      int count = operation.operands().size();
      int[] in = new int[count];
      float[][] constants = new float[count][];
      for (int i = 0; i < count; i++) {
        TileOperand operand = operation.operands().get(i);
        if (operand.cell() == null) {
          constants[i] = filled(operand.number());
        } else {
          in[i] = register(operand.cell(), held);
        }
      }
      Cell out = operation.out();
      held.put(out, held.size());
      calls.add(
          new Call(
              operation.code(), in, constants, held.get(out), needed.contains(out) ? out : null));
    }
    this.registers = held.size();
  }

  /** Where an operand is: made here, perhaps in another shape, or read. */
  private int register(Cell operand, Map<Cell, Integer> held) {
    Cell cell = operand.isWhole() && held.containsKey(operand.root()) ? operand.root() : operand;
    if (!held.containsKey(cell)) {
      held.put(cell, held.size());
      sources.add(new Source(held.get(cell), cell));
    }
    return held.get(cell);
  }

  /** A whole number of periods of every operand that repeats. */
  private static int tileSize(List<TileOperation> operations) {
    int period = 1;
    for (TileOperation operation : operations) {
      period = Math.max(period, period(operation));
    }
    return Tiles.SIZE / period * period;
  }

  /** The length of operands that repeat along the result; 1 if there are none. */
  static int period(TileOperation operation) {
    int period = 1;
    for (TileOperand operand : operation.operands()) {
      if (operand.cell() != null && operand.cell().size() < operation.out().size()) {
        period = Math.max(period, operand.cell().size());
      }
    }
    return period;
  }

  private static float[] filled(float number) {
    float[] tile = new float[Tiles.SIZE];
    Arrays.fill(tile, number);
    return tile;
  }

  @Override
  public void run(Frame frame) {
    float[][] tiles = new float[registers][];
    for (int i = 0; i < registers; i++) {
      tiles[i] = frame.tile(i);
    }
    for (Source source : sources) {
      if (source.repeats(size)) {
        repeat(frame, source.cell(), tiles[source.register()], Math.min(tileSize, size));
      }
    }
    for (int from = 0; from < size; from += tileSize) {
      int n = Math.min(tileSize, size - from);
      for (Source source : sources) {
        if (!source.repeats(size)) {
          source.cell().read(frame, from, tiles[source.register()], n);
        }
      }
      for (Call call : calls) {
        call(call, tiles, n);
        if (call.stored() != null) {
          call.stored().write(frame, from, tiles[call.out()], n);
        }
      }
    }
  }

  private static void repeat(Frame frame, Cell cell, float[] tile, int n) {
    int filled = cell.size();
    cell.read(frame, 0, tile, filled);
    while (filled < n) {
      int count = Math.min(filled, n - filled);
      System.arraycopy(tile, 0, tile, filled, count);
      filled += count;
    }
  }

  private static void call(Call call, float[][] tiles, int n) {
    float[] out = tiles[call.out()];
    float[] a = operand(call, 0, tiles);
    if (call.code() instanceof UnaryOp op) {
      Tiles.unary(op, a, out, n);
    } else if (call.code() instanceof BinaryOp op) {
      Tiles.binary(op, a, operand(call, 1, tiles), out, n);
    } else {
      Tiles.select(a, operand(call, 1, tiles), operand(call, 2, tiles), out, n);
    }
  }

  private static float[] operand(Call call, int i, float[][] tiles) {
    return call.constants()[i] != null ? call.constants()[i] : tiles[call.in()[i]];
  }
}
