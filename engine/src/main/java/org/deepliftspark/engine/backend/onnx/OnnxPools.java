package org.deepliftspark.engine.backend.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.deepliftspark.engine.backend.onnx.OnnxGraph.Attribute;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;

/**
 * Pools and what rules do with windows. A window's winner is found by the indices of MaxPool, whose
 * implementation is slow, or for small windows that tile the input by comparing each of its cells
 * with the maximum.
 */
final class OnnxPools {
  /** Up to this many cells per window comparing beats indices. */
  private static final int MAX_TAPS = 16;

  private final OnnxGraph graph;
  private final OnnxEmitter emitter;
  private final Map<String, List<String>> taps = new HashMap<>();
  private final Map<String, String> indices = new HashMap<>();

  OnnxPools(OnnxGraph graph, OnnxEmitter emitter) {
    this.graph = graph;
    this.emitter = emitter;
  }

  /**
   * ONNX Runtime's MaxPool passes over what is not a number, and would make a finite result of an
   * overflow. So a number is added per example that is 0, or not a number: the sum of its cells
   * less itself.
   */
  String max(Instruction.MaxPool pool) {
    String x = emitter.merged(pool.x());
    String pooled = graph.node("MaxPool", List.of(x), attributes(pool.geometry()));
    if (!emitter.padsByInfinity(pool.x())) {
      long[] axes = LongStream.rangeClosed(1, pool.x().shape().rank()).toArray();
      String sum = graph.node("ReduceSum", List.of(x, graph.longs(axes)));
      pooled = graph.node("Add", List.of(pooled, graph.node("Sub", List.of(sum, sum))));
    }
    return emitter.split(pooled, pool.out());
  }

  String select(Instruction.MaxSelect select) {
    if (tiles(select.geometry())) {
      List<String> winners = winners(select.selector(), select.geometry());
      String sum = null;
      for (int tap = 0; tap < winners.size(); tap++) {
        String cell =
            tap(emitter.name(select.source()), select.source().shape(), select.geometry(), tap);
        String part = graph.node("Mul", List.of(winners.get(tap), cell));
        sum = sum == null ? part : graph.node("Add", List.of(sum, part));
      }
      return sum;
    }
    Value out = select.out();
    String flat = emitter.reshape(emitter.expanded(select.source(), out.extent()), -1);
    String index = emitter.reshape(indices(select.selector(), out.extent(), select.geometry()), -1);
    return emitter.reshape(graph.node("Gather", List.of(flat, index)), emitter.dims(out));
  }

  String unpool(Instruction.MaxUnpool unpool) {
    if (tiles(unpool.geometry())) {
      List<String> cells = new ArrayList<>();
      for (String winner : winners(unpool.selector(), unpool.geometry())) {
        cells.add(graph.node("Mul", List.of(winner, emitter.name(unpool.amount()))));
      }
      return interleave(
          cells,
          unpool.out().extent(),
          unpool.amount().shape(),
          unpool.geometry(),
          unpool.out().shape());
    }
    Value out = unpool.out();
    String index = emitter.reshape(indices(unpool.selector(), out.extent(), unpool.geometry()), -1);
    String amount = emitter.reshape(emitter.expanded(unpool.amount(), out.extent()), -1);
    String like = emitter.reshape(emitter.expanded(unpool.selector(), out.extent()), -1);
    String zeros =
        graph.node(
            "Expand", List.of(graph.floats(new float[1], 1), graph.node("Shape", List.of(like))));
    String added =
        graph.node(
            "ScatterElements",
            List.of(zeros, index, amount),
            Attribute.of("axis", 0L),
            Attribute.of("reduction", "add"));
    return emitter.reshape(added, emitter.dims(out));
  }

  /** Flat positions of the winners in the whole tensor, leading dimensions included. */
  private String indices(Value selector, Extent extent, PoolGeometry geometry) {
    String key = selector.id() + " " + extent + geometry;
    return indices.computeIfAbsent(
        key,
        k -> {
          String merged =
              emitter.mergedTo(emitter.expanded(selector, extent), selector.shape().dims());
          return graph.node("MaxPool", List.of(merged), 2, attributes(geometry)).get(1);
        });
  }

  /**
   * Per cell of the windows 1 where it is the first maximum, otherwise 0; each shaped as the pool's
   * output.
   */
  private List<String> winners(Value selector, PoolGeometry geometry) {
    return taps.computeIfAbsent(
        selector.id() + " " + geometry, key -> findWinners(selector, geometry));
  }

  private List<String> findWinners(Value selector, PoolGeometry geometry) {
    int count = cells(geometry);
    List<String> cells = new ArrayList<>();
    for (int tap = 0; tap < count; tap++) {
      cells.add(tap(emitter.name(selector), selector.shape(), geometry, tap));
    }
    String maximum = graph.node("Max", cells);
    List<String> winners = new ArrayList<>();
    String free = null;
    for (int tap = 0; tap < count; tap++) {
      String equal =
          graph.node(
              "Cast",
              List.of(graph.node("Equal", List.of(cells.get(tap), maximum))),
              Attribute.of("to", 1L));
      String winner = free == null ? equal : graph.node("Mul", List.of(equal, free));
      winners.add(winner);
      free =
          free == null
              ? graph.node("Sub", List.of(graph.scalar(1), winner))
              : graph.node("Sub", List.of(free, winner));
    }
    return winners;
  }

  /** The cells at one place of all windows. */
  private String tap(String x, Shape in, PoolGeometry geometry, int tap) {
    int axes = geometry.spatialAxes();
    int[] starts = new int[axes + 1];
    int[] steps = OnnxConvolutions.ones(axes + 1);
    int[] dims = in.dims();
    int rest = tap;
    for (int axis = axes - 1; axis >= 0; axis--) {
      starts[axis + 1] = rest % geometry.kernel()[axis];
      rest /= geometry.kernel()[axis];
      steps[axis + 1] = geometry.strides()[axis];
      dims[axis + 1] = geometry.outputLength(axis, dims[axis + 1]);
    }
    return emitter.slice(x, starts, steps, Shape.of(dims));
  }

  /** Puts the cells of windows that tile the input back in their places. */
  private String interleave(
      List<String> cells, Extent extent, Shape pooled, PoolGeometry geometry, Shape in) {
    List<String> parts = cells;
    int[] dims = pooled.dims();
    for (int axis = geometry.spatialAxes() - 1; axis >= 0; axis--) {
      int kernel = geometry.kernel()[axis];
      List<String> joined = new ArrayList<>();
      int[] wider = dims.clone();
      wider[axis + 1] *= kernel;
      for (int from = 0; from < parts.size(); from += kernel) {
        joined.add(
            interleave(
                parts.subList(from, from + kernel),
                emitter.dims(extent, dims),
                emitter.dims(extent, wider)));
      }
      parts = joined;
      dims = wider;
    }
    return padEnd(parts.get(0), extent, dims, in);
  }

  private String interleave(List<String> parts, int[] dims, int[] wider) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int at = axisIn(dims, wider) + 1;
    int[] single = new int[dims.length + 1];
    System.arraycopy(dims, 0, single, 0, at);
    single[at] = 1;
    System.arraycopy(dims, at, single, at + 1, dims.length - at);
    List<String> columns = parts.stream().map(part -> emitter.reshape(part, single)).toList();
    return emitter.reshape(graph.node("Concat", columns, Attribute.of("axis", (long) at)), wider);
  }

  private static int axisIn(int[] dims, int[] wider) {
    for (int axis = 0; axis < dims.length; axis++) {
      if (dims[axis] != wider[axis]) {
        return axis;
      }
    }
    throw new IllegalStateException("No axis to interleave");
  }

  private String padEnd(String value, Extent extent, int[] dims, Shape in) {
    int[] end = new int[dims.length];
    boolean pads = false;
    for (int axis = 0; axis < dims.length; axis++) {
      end[axis] = in.dim(axis) - dims[axis];
      pads |= end[axis] != 0;
    }
    return pads ? emitter.pad(value, extent, new int[dims.length], end, 0f) : value;
  }

  String average(Instruction.AveragePool pool) {
    Attribute[] attributes =
        with(
            attributes(pool.geometry()),
            Attribute.of("count_include_pad", pool.countPadding() ? 1L : 0L));
    return emitter.split(
        graph.node("AveragePool", List.of(emitter.merged(pool.x())), attributes), pool.out());
  }

  String averageUnpool(Instruction.AverageUnpool unpool) {
    PoolGeometry geometry = unpool.geometry();
    Shape pooled = unpool.m().shape();
    float[] shares = AverageShares.of(geometry, unpool.countPadding(), unpool.out().shape());
    int[] shareDims = pooled.dims();
    shareDims[0] = 1;
    String shared =
        graph.node("Mul", List.of(emitter.name(unpool.m()), graph.floats(shares, shareDims)));
    if (tilesWithoutPadding(geometry)) {
      return repeat(shared, unpool);
    }
    return overlap(shared, unpool);
  }

  /** Windows that tile the input: every cell of a window gets the same. */
  private String repeat(String shared, Instruction.AverageUnpool unpool) {
    Extent extent = unpool.out().extent();
    int[] dims = unpool.m().shape().dims();
    String value = shared;
    for (int axis = unpool.geometry().spatialAxes(); axis >= 1; axis--) {
      int kernel = unpool.geometry().kernel()[axis - 1];
      int[] single = new int[dims.length + 1];
      System.arraycopy(dims, 0, single, 0, axis + 1);
      single[axis + 1] = 1;
      System.arraycopy(dims, axis + 1, single, axis + 2, dims.length - axis - 1);
      int[] repeated = single.clone();
      repeated[axis + 1] = kernel;
      value = emitter.reshape(value, emitter.dims(extent, single));
      value = graph.node("Expand", List.of(value, graph.longs(OnnxEmitter.asLongs(repeated))));
      dims[axis] *= kernel;
      value = emitter.reshape(value, emitter.dims(extent, dims));
    }
    return padEnd(value, extent, dims, unpool.out().shape());
  }

  /** In general: the adjoint of a convolution with ones, channel by channel. */
  private String overlap(String shared, Instruction.AverageUnpool unpool) {
    PoolGeometry geometry = unpool.geometry();
    int axes = geometry.spatialAxes();
    int[] single = unpool.m().shape().dims();
    single[0] = 1;
    int[] kernel = new int[axes + 2];
    kernel[0] = 1;
    kernel[1] = 1;
    System.arraycopy(geometry.kernel(), 0, kernel, 2, axes);
    float[] ones = new float[cells(geometry)];
    Arrays.fill(ones, 1f);
    int[] extra = new int[axes + 1];
    int[] begin = new int[axes + 1];
    for (int axis = 0; axis < axes; axis++) {
      int reach =
          (unpool.m().shape().dim(axis + 1) - 1) * geometry.strides()[axis]
              + geometry.kernel()[axis];
      begin[axis + 1] = -geometry.padsBegin()[axis];
      extra[axis + 1] = unpool.out().shape().dim(axis + 1) - reach + geometry.padsBegin()[axis];
    }
    String merged = emitter.mergedTo(shared, single);
    String spread =
        graph.node(
            "ConvTranspose",
            List.of(merged, graph.floats(ones, kernel)),
            Attribute.of("strides", geometry.strides()));
    String cropped = emitter.pad(spread, Extent.NONE, begin, extra, 0f);
    return emitter.reshape(cropped, emitter.dims(unpool.out()));
  }

  private static boolean tiles(PoolGeometry geometry) {
    return tilesWithoutPadding(geometry) && cells(geometry) <= MAX_TAPS;
  }

  private static boolean tilesWithoutPadding(PoolGeometry geometry) {
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      if (geometry.kernel()[axis] != geometry.strides()[axis]
          || geometry.padsBegin()[axis] != 0
          || geometry.padsEnd()[axis] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int cells(PoolGeometry geometry) {
    int cells = 1;
    for (int length : geometry.kernel()) {
      cells *= length;
    }
    return cells;
  }

  private static Attribute[] attributes(PoolGeometry geometry) {
    return new Attribute[] {
      Attribute.of("kernel_shape", geometry.kernel()),
      Attribute.of("strides", geometry.strides()),
      Attribute.of("pads", OnnxConvolutions.join(geometry.padsBegin(), geometry.padsEnd()))
    };
  }

  private static Attribute[] with(Attribute[] attributes, Attribute further) {
    Attribute[] all = Arrays.copyOf(attributes, attributes.length + 1);
    all[attributes.length] = further;
    return all;
  }
}
