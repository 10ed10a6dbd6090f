package org.deepliftspark.engine.backend.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A convolution along a line with stride 1, or its adjoint, by fewer multiplications: four results
 * at a distance of the dilation need, for three taps, six products of sums of their inputs instead
 * of twelve (Winograd's algorithm F(4, 3), Lavin and Gray 2016). More taps are groups of three
 * whose products are summed before results are made of them.
 *
 * <p>Four such results are a tile. Tiles whose first results are neighbors are neighbors, so that
 * with a dilation a stretch of memory is transformed at once.
 */
final class WinogradConv implements Kernel {
  private static final int RESULTS = 4;
  private static final int INPUTS = WinogradWeights.PRODUCTS;

  /** Numbers of an array while something is transformed: all of them fit in the innermost cache. */
  private static final int CHUNK = 512;

  /** Numbers of the operands and results of products that are at hand at once, where possible. */
  private static final int BLOCK = 1 << 17;

  /** Multiplications that take as long as making an operand or using a product. */
  private static final int TRANSFORMED = 30;

  /** The same for beginning to read or to write a stretch of memory. */
  private static final int STRETCH = 1500;

  private final Cell x;
  private final Cell out;
  private final Start start;
  private final WinogradWeights weights;
  private final int inChannels;
  private final int outChannels;
  private final int length;
  private final int rows;
  private final int dilation;
  private final int shift;
  private final int block;

  /**
   * @param weights of the adjoint those of {@link ConvWeights#flipped}, transformed
   * @param start null for zeros
   */
  WinogradConv(
      Cell x, Cell out, WinogradWeights weights, Windows windows, Start start, boolean adjoint) {
    this.x = x;
    this.out = out;
    this.weights = weights;
    this.start = start;
    this.length = (adjoint ? windows.out : windows.in)[2];
    this.rows = (adjoint ? windows.in : windows.out)[2];
    this.inChannels = x.size() / length;
    this.outChannels = out.size() / rows;
    this.dilation = windows.dilation(2);
    int reach = (windows.kernel[2] - 1) * dilation;
    this.shift = adjoint ? windows.pad(2) - reach : -windows.pad(2);
    this.block = block();
  }

  /** Tiles at a time: so many that large weights are read once, so few that others stay at hand. */
  private int block() {
    int tiles = tiles(rows, dilation);
    boolean inPlace = !GemmBlocks.isLarge(inChannels, outChannels);
    int fitting = BLOCK / (INPUTS * (inChannels + outChannels));
    return inPlace ? Math.min(tiles, Math.max(32, fitting / 4 * 4)) : tiles;
  }

  /** Tiles of a line: whole rounds of {@code dilation} tiles, then what is left. */
  static int tiles(int rows, int dilation) {
    int round = RESULTS * dilation;
    return rows / round * dilation + Math.min(dilation, rows % round);
  }

  /** Whether it is faster than {@link ShiftedConv}. */
  static boolean pays(Windows windows, int in, int out, boolean adjoint) {
    int rows = (adjoint ? windows.in : windows.out)[2];
    int read = (adjoint ? windows.out : windows.in)[2];
    int taps = windows.kernel[2];
    if (taps < WinogradWeights.TAPS) {
      return false;
    }
    long direct = 0;
    for (int tap = 0; tap < taps; tap++) {
      int shift = windows.at(2, 0, tap) * (adjoint ? -1 : 1);
      direct += Math.max(0, Math.min(rows, read - shift) - Math.max(0, -shift));
    }
    int groups = WinogradWeights.groups(taps);
    int tiles = tiles(rows, windows.dilation(2));
    double values = (double) INPUTS * tiles;
    double transforms = TRANSFORMED * values * ((double) groups * in + out);
    double stretches = (double) tiles / windows.dilation(2) * (groups * INPUTS + 2 * RESULTS);
    return groups * values * in * out + transforms + STRETCH * stretches
        < (double) direct * in * out;
  }

  @Override
  public void run(Frame frame) {
    if (start != null) {
      start.write(frame, out);
    }
    int tiles = tiles(rows, dilation);
    Scratch operands = frame.own().scratch(0);
    Scratch products = frame.own().scratch(1);
    operands.reserve(INPUTS * block * inChannels);
    products.reserve(INPUTS * block * outChannels);
    for (int from = 0; from < tiles; from += block) {
      int count = Math.min(block, tiles - from);
      for (int group = 0; group < weights.groups(); group++) {
        int first = shift + group * WinogradWeights.TAPS * dilation;
        operands(frame, from, count, first, operands.buffer());
        multiply(operands, products, group, count);
      }
      results(frame, from, count, products.buffer());
    }
  }

  private void multiply(Scratch operands, Scratch products, int group, int count) {
    for (int product = 0; product < INPUTS; product++) {
      Gemm.multiply(
          count,
          outChannels,
          inChannels,
          operands.at(product * block * inChannels),
          inChannels,
          weights.matrix(group, product),
          outChannels,
          false,
          group == 0 ? 0f : 1f,
          products.at(product * block * outChannels),
          outChannels);
    }
  }

  private void operands(Frame frame, int from, int count, int first, FloatBuffer made) {
    int chunk = Math.max(1, CHUNK / inChannels);
    float[][] inputs = arrays(frame, 0, INPUTS, chunk * inChannels);
    float[][] sums = arrays(frame, INPUTS, INPUTS, chunk * inChannels);
    for (int done = 0; done < count; done += chunk) {
      int n = Math.min(chunk, count - done);
      for (int run = 0; run < n; ) {
        int tile = from + done + run;
        int neighbors = Math.min(n - run, dilation - tile % dilation);
        for (int input = 0; input < INPUTS; input++) {
          int position = position(tile) + first + input * dilation;
          read(frame, position, neighbors, inputs[input], run * inChannels);
        }
        run += neighbors;
      }
      WinogradTiles.operands(inputs, sums, n * inChannels);
      for (int product = 0; product < INPUTS; product++) {
        made.put((product * block + done) * inChannels, sums[product], 0, n * inChannels);
      }
    }
  }

  private void results(Frame frame, int from, int count, FloatBuffer products) {
    int chunk = Math.max(1, CHUNK / outChannels);
    float[][] sums = arrays(frame, 0, INPUTS, chunk * outChannels);
    float[][] results = arrays(frame, INPUTS, RESULTS, chunk * outChannels);
    for (int done = 0; done < count; done += chunk) {
      int n = Math.min(chunk, count - done);
      for (int product = 0; product < INPUTS; product++) {
        products.get((product * block + done) * outChannels, sums[product], 0, n * outChannels);
      }
      begin(frame, from + done, n, results);
      WinogradTiles.results(sums, results, n * outChannels);
      visit(
          from + done,
          n,
          (result, position, run, neighbors) ->
              out.write(
                  frame,
                  position * outChannels,
                  results[result],
                  run * outChannels,
                  neighbors * outChannels));
    }
  }

  /** What results are added to. */
  private void begin(Frame frame, int from, int n, float[][] results) {
    if (start == null) {
      for (float[] result : results) {
        Arrays.fill(result, 0, n * outChannels, 0f);
      }
    } else {
      visit(
          from,
          n,
          (result, position, run, neighbors) ->
              out.read(
                  frame,
                  position * outChannels,
                  results[result],
                  run * outChannels,
                  neighbors * outChannels));
    }
  }

  /** A stretch of one of the four results of neighboring tiles; none of it lies behind the end. */
  private interface Visitor {
    void at(int result, int position, int run, int neighbors);
  }

  private void visit(int from, int n, Visitor visitor) {
    for (int run = 0; run < n; ) {
      int neighbors = Math.min(n - run, dilation - (from + run) % dilation);
      for (int result = 0; result < RESULTS; result++) {
        int position = position(from + run) + result * dilation;
        int inside = Math.min(neighbors, rows - position);
        if (inside > 0) {
          visitor.at(result, position, run, inside);
        }
      }
      run += neighbors;
    }
  }

  /** The first result of a tile. */
  private int position(int tile) {
    return tile / dilation * RESULTS * dilation + tile % dilation;
  }

  /** Reads positions; zeros where they lie outside. */
  private void read(Frame frame, int position, int count, float[] array, int at) {
    int before = Math.min(count, Math.max(0, -position));
    int inside = Math.max(0, Math.min(count, length - position) - before);
    Arrays.fill(array, at, at + before * inChannels, 0f);
    if (inside > 0) {
      int from = (position + before) * inChannels;
      x.read(frame, from, array, at + before * inChannels, inside * inChannels);
    }
    Arrays.fill(array, at + (before + inside) * inChannels, at + count * inChannels, 0f);
  }

  private static float[][] arrays(Frame frame, int first, int count, int size) {
    float[][] arrays = new float[count][];
    for (int i = 0; i < count; i++) {
      arrays[i] = frame.tile(first + i, size);
    }
    return arrays;
  }
}
