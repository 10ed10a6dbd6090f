package org.deepliftspark.engine.backend.cpu;

import java.util.Arrays;
import org.deepliftspark.engine.backend.cpu.TileAction.Call;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.UnaryOp;

/**
 * Runs operations on tiles. Loops that start at index 0 of all their arrays are vectorized, others
 * are not: so planes are copied to the start of an array before they are combined.
 */
final class TileCalls {
  /** Arrays behind those of a kernel that operations on windows need for themselves. */
  static final int SCRATCH = 4;

  private TileCalls() {}

  /**
   * @param tiles arrays that hold all planes, one after the other, or a single one
   * @param n numbers of each plane
   */
  static void run(Call call, float[][] tiles, int n, int planes) {
    float[] out = tiles[call.out()];
    float[] a = operand(call, 0, tiles);
    int count = call.single() ? n : n * planes;
    if (call.code() instanceof UnaryOp op) {
      Tiles.unary(op, a, out, count);
    } else if (call.code() instanceof BinaryOp op) {
      Tiles.binary(op, a, operand(call, 1, tiles), out, count);
    } else if (call.code() instanceof PoolCode code) {
      pool(code, a, call.in().length == 1 ? null : operand(call, 1, tiles), out, tiles, n, planes);
    } else {
      switch ((TileCode) call.code()) {
        case SELECT ->
            Tiles.select(a, operand(call, 1, tiles), operand(call, 2, tiles), out, count);
        case POSITIVE_MAXIMUM -> Tiles.positiveMaximum(a, operand(call, 1, tiles), out, count);
        case IS_ZERO -> Tiles.isZero(a, out, count);
        case SHARE -> {
          float number = call.constants()[3][0];
          Tiles.share(a, operand(call, 1, tiles), operand(call, 2, tiles), number, out, count);
        }
      }
    }
  }

  private static float[] operand(Call call, int i, float[][] tiles) {
    return call.constants()[i] != null ? call.constants()[i] : tiles[call.in()[i]];
  }

  private static void pool(
      PoolCode code, float[] a, float[] b, float[] out, float[][] tiles, int n, int planes) {
    float[] cells = tiles[tiles.length - 1];
    switch (code) {
      case MAXIMUM -> maximum(a, out, cells, n, planes);
      case WINNERS -> winners(a, out, tiles, n, planes);
      case PICK -> {
        float[] products = tiles[tiles.length - 2];
        Tiles.multiply(a, b, products, n * planes);
        System.arraycopy(products, 0, out, 0, n);
        for (int plane = 1; plane < planes; plane++) {
          System.arraycopy(products, plane * n, cells, 0, n);
          Tiles.add(out, cells, out, n);
        }
      }
      case SPREAD -> {
        for (int plane = 0; plane < planes; plane++) {
          System.arraycopy(b, 0, cells, plane * n, n);
        }
        Tiles.multiply(a, cells, out, n * planes);
      }
    }
  }

  private static void maximum(float[] a, float[] out, float[] cells, int n, int planes) {
    System.arraycopy(a, 0, out, 0, n);
    for (int plane = 1; plane < planes; plane++) {
      System.arraycopy(a, plane * n, cells, 0, n);
      Tiles.maximum(out, cells, out, n);
    }
  }

  private static void winners(float[] a, float[] out, float[][] tiles, int n, int planes) {
    float[] cells = tiles[tiles.length - 1];
    float[] best = tiles[tiles.length - 2];
    float[] free = tiles[tiles.length - 3];
    float[] winners = tiles[tiles.length - 4];
    maximum(a, best, cells, n, planes);
    Arrays.fill(free, 0, n, 1f);
    for (int plane = 0; plane < planes; plane++) {
      System.arraycopy(a, plane * n, cells, 0, n);
      Tiles.winners(best, cells, free, winners, n);
      System.arraycopy(winners, 0, out, plane * n, n);
    }
  }
}
