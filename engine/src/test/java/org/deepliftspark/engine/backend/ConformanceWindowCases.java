package org.deepliftspark.engine.backend;

import static org.deepliftspark.engine.backend.ConformanceOperands.ALL;
import static org.deepliftspark.engine.backend.ConformanceOperands.PAIR;
import static org.deepliftspark.engine.backend.ConformanceOperands.REFERENCE;
import static org.deepliftspark.engine.backend.ConformanceOperands.ROW;
import static org.deepliftspark.engine.backend.ConformanceOperands.TARGET;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Value;

/** Convolutions, their adjoints, and pools, in every geometry. */
final class ConformanceWindowCases {
  private static final Extent TARGET_PAIR = Extent.of(Axis.TARGET, Axis.ROW, Axis.REFERENCE);

  private final List<ConformanceCase> cases = new ArrayList<>();

  private ConformanceWindowCases() {}

  static List<ConformanceCase> all() {
    ConformanceWindowCases cases = new ConformanceWindowCases();
    convolutions().forEach(cases::convolution);
    cases.convolutionExtents();
    for (Pool pool : pools()) {
      cases.maxima(pool, Draw.UNIFORM);
      cases.maxima(pool, Draw.TIES);
      cases.averages(pool);
    }
    cases.poolExtents();
    return cases.cases;
  }

  private void add(String name, Draw draw, Function<ConformanceOperands, Value> result) {
    cases.add(new ConformanceCase(name, draw, result));
  }

  /** A convolution of an input {@code in} with a weight {@code [out, in / groups, kernel...]}. */
  record Convolution(int[] in, int[] weight, ConvGeometry geometry) {
    Shape output() {
      int[] dims = in.clone();
      dims[0] = weight[0];
      for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
        dims[axis + 1] = geometry.outputLength(axis, in[axis + 1], weight[axis + 2]);
      }
      return Shape.of(dims);
    }

    @Override
    public String toString() {
      return Arrays.toString(in) + " weight " + Arrays.toString(weight) + " " + geometry;
    }
  }

  /**
   * Input length, channels in and out, kernel, stride, padding before and after, dilation, groups.
   */
  private static Convolution line(
      int length,
      int in,
      int out,
      int kernel,
      int stride,
      int before,
      int after,
      int dilation,
      int groups) {
    ConvGeometry geometry =
        new ConvGeometry(
            new int[] {stride},
            new int[] {before},
            new int[] {after},
            new int[] {dilation},
            groups);
    return new Convolution(new int[] {in, length}, new int[] {out, in / groups, kernel}, geometry);
  }

  private static Convolution plane(
      int[] in,
      int[] weight,
      int[] strides,
      int[] before,
      int[] after,
      int[] dilations,
      int groups) {
    return new Convolution(in, weight, new ConvGeometry(strides, before, after, dilations, groups));
  }

  static List<Convolution> convolutions() {
    return List.of(
        line(11, 4, 5, 3, 1, 0, 0, 1, 1),
        line(11, 4, 5, 3, 1, 1, 1, 1, 1),
        line(11, 1, 1, 1, 1, 0, 0, 1, 1),
        line(1, 3, 2, 1, 1, 0, 0, 1, 1),
        line(5, 3, 2, 5, 1, 0, 0, 1, 1),
        line(12, 3, 2, 4, 2, 0, 0, 1, 1),
        line(13, 3, 2, 4, 3, 1, 2, 1, 1),
        line(9, 3, 2, 2, 4, 0, 0, 1, 1), // windows apart: cells that nobody reads
        line(17, 2, 3, 3, 1, 4, 4, 4, 1),
        line(17, 2, 3, 3, 2, 3, 0, 3, 1), // causal
        line(6, 2, 3, 2, 1, 5, 3, 1, 1), // padding wider than the kernel
        line(6, 2, 3, 2, 3, 0, 4, 1, 1),
        line(11, 6, 4, 3, 1, 1, 0, 1, 2),
        line(11, 4, 4, 3, 2, 1, 1, 1, 4), // depthwise
        line(11, 3, 6, 3, 1, 1, 1, 2, 3), // depthwise, two filters each
        line(41, 4, 7, 21, 1, 10, 10, 1, 1),
        plane(
            new int[] {3, 7, 6},
            new int[] {4, 3, 3, 3},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {1, 1},
            1),
        plane(
            new int[] {3, 7, 6},
            new int[] {4, 3, 3, 2},
            new int[] {2, 2},
            new int[] {0, 0},
            new int[] {1, 1},
            new int[] {1, 1},
            1),
        plane(
            new int[] {2, 8, 9},
            new int[] {3, 2, 2, 3},
            new int[] {1, 3},
            new int[] {2, 0},
            new int[] {0, 1},
            new int[] {3, 2},
            1),
        plane(
            new int[] {4, 5, 5},
            new int[] {4, 1, 3, 3},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {1, 1},
            4),
        plane(
            new int[] {4, 6, 5},
            new int[] {6, 2, 3, 3},
            new int[] {2, 1},
            new int[] {1, 2},
            new int[] {0, 1},
            new int[] {1, 2},
            2),
        plane(
            new int[] {2, 5, 4},
            new int[] {3, 2, 1, 1},
            new int[] {2, 2},
            new int[] {0, 0},
            new int[] {0, 0},
            new int[] {1, 1},
            1),
        plane(
            new int[] {2, 1, 9},
            new int[] {3, 2, 1, 4},
            new int[] {1, 1},
            new int[] {0, 1},
            new int[] {0, 2},
            new int[] {1, 1},
            1),
        plane(
            new int[] {2, 4, 5, 3},
            new int[] {3, 2, 2, 3, 2},
            new int[] {1, 2, 1},
            new int[] {1, 0, 1},
            new int[] {0, 1, 1},
            new int[] {2, 1, 1},
            1));
  }

  private void convolution(Convolution shape) {
    ConvGeometry geometry = shape.geometry();
    add(
        "Conv " + shape,
        Draw.UNIFORM,
        in ->
            in.builder()
                .conv(
                    in.row(shape.in()),
                    in.weights(shape.weight()),
                    in.weights(shape.weight()[0]),
                    geometry));
    add(
        "Conv of pairs " + shape,
        Draw.UNIFORM,
        in -> in.builder().conv(in.pair(shape.in()), in.weights(shape.weight()), null, geometry));
    add(
        "ConvTranspose " + shape,
        Draw.UNIFORM,
        in ->
            in.builder()
                .convTranspose(
                    in.pair(shape.output().dims()),
                    in.weights(shape.weight()),
                    geometry,
                    Shape.of(shape.in())));
  }

  private void convolutionExtents() {
    Convolution shape = line(11, 4, 5, 3, 2, 1, 2, 1, 1);
    for (Extent extent : List.of(TARGET, REFERENCE, TARGET_PAIR, ALL)) {
      add(
          "Conv over " + extent,
          Draw.UNIFORM,
          in ->
              in.builder()
                  .conv(
                      in.of(extent, shape.in()),
                      in.weights(shape.weight()),
                      in.weights(5),
                      shape.geometry()));
      add(
          "ConvTranspose over " + extent,
          Draw.UNIFORM,
          in ->
              in.builder()
                  .convTranspose(
                      in.of(extent, shape.output().dims()),
                      in.weights(shape.weight()),
                      shape.geometry(),
                      Shape.of(shape.in())));
    }
  }

  private record Pool(int[] in, PoolGeometry geometry) {
    int[] output() {
      int[] dims = in.clone();
      for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
        dims[axis + 1] = geometry.outputLength(axis, in[axis + 1]);
      }
      return dims;
    }

    @Override
    public String toString() {
      return Arrays.toString(in) + " " + geometry;
    }
  }

  private static Pool pool(int[] in, int[] kernel, int[] strides, int[] before, int[] after) {
    return new Pool(in, new PoolGeometry(kernel, strides, before, after));
  }

  private static Pool line(
      int length, int channels, int kernel, int stride, int before, int after) {
    return pool(
        new int[] {channels, length},
        new int[] {kernel},
        new int[] {stride},
        new int[] {before},
        new int[] {after});
  }

  private static List<Pool> pools() {
    return List.of(
        line(12, 3, 3, 3, 0, 0),
        line(13, 3, 3, 3, 0, 0), // a rest that no window sees
        line(13, 2, 4, 2, 0, 0), // overlap
        line(13, 2, 3, 1, 1, 1), // overlap and padding
        line(9, 2, 2, 4, 0, 0), // gaps
        line(9, 2, 4, 3, 3, 2), // first window holds one cell
        line(7, 1, 1, 1, 0, 0),
        line(7, 2, 7, 1, 0, 0), // the whole length
        pool(
            new int[] {3, 6, 8},
            new int[] {2, 2},
            new int[] {2, 2},
            new int[] {0, 0},
            new int[] {0, 0}),
        pool(
            new int[] {2, 7, 6},
            new int[] {3, 3},
            new int[] {2, 2},
            new int[] {1, 1},
            new int[] {1, 1}),
        pool(
            new int[] {2, 7, 6},
            new int[] {3, 2},
            new int[] {1, 3},
            new int[] {0, 1},
            new int[] {2, 0}),
        pool(
            new int[] {2, 1, 9},
            new int[] {1, 3},
            new int[] {1, 2},
            new int[] {0, 1},
            new int[] {0, 1}),
        pool(
            new int[] {2, 4, 5, 3},
            new int[] {2, 2, 2},
            new int[] {2, 1, 1},
            new int[] {0, 1, 0},
            new int[] {0, 0, 1}));
  }

  private void maxima(Pool pool, Draw draw) {
    String name = (draw == Draw.TIES ? "with ties " : "") + pool;
    PoolGeometry geometry = pool.geometry();
    add("MaxPool " + name, draw, in -> in.builder().maxPool(in.pair(pool.in()), geometry));
    add(
        "MaxSelect " + name,
        draw,
        in -> in.builder().maxSelect(in.pair(pool.in()), in.pair(pool.in()), geometry));
    add(
        "MaxUnpool " + name,
        draw,
        in -> in.builder().maxUnpool(in.pair(pool.in()), in.pair(pool.output()), geometry));
  }

  private void averages(Pool pool) {
    for (boolean countPadding : new boolean[] {false, true}) {
      String name = (countPadding ? "counting padding " : "") + pool;
      add(
          "AveragePool " + name,
          Draw.UNIFORM,
          in -> in.builder().averagePool(in.pair(pool.in()), pool.geometry(), countPadding));
      add(
          "AverageUnpool " + name,
          Draw.UNIFORM,
          in ->
              in.builder()
                  .averageUnpool(
                      in.pair(pool.output()), pool.geometry(), countPadding, Shape.of(pool.in())));
    }
  }

  private void poolExtents() {
    Pool pool = line(13, 2, 4, 2, 1, 1);
    PoolGeometry geometry = pool.geometry();
    for (Extent selector : List.of(TARGET, REFERENCE, ROW, PAIR)) {
      for (Extent other : List.of(REFERENCE, ROW, PAIR, TARGET_PAIR)) {
        add(
            "MaxSelect of " + other + " by " + selector,
            Draw.TIES,
            in ->
                in.builder()
                    .maxSelect(in.of(selector, pool.in()), in.of(other, pool.in()), geometry));
        add(
            "MaxUnpool of " + other + " by " + selector,
            Draw.TIES,
            in ->
                in.builder()
                    .maxUnpool(in.of(selector, pool.in()), in.of(other, pool.output()), geometry));
      }
    }
    for (Extent extent : List.of(TARGET, REFERENCE, ROW, ALL)) {
      add(
          "MaxPool over " + extent,
          Draw.UNIFORM,
          in -> in.builder().maxPool(in.of(extent, pool.in()), geometry));
      add(
          "AveragePool over " + extent,
          Draw.UNIFORM,
          in -> in.builder().averagePool(in.of(extent, pool.in()), geometry, false));
      add(
          "AverageUnpool over " + extent,
          Draw.UNIFORM,
          in ->
              in.builder()
                  .averageUnpool(
                      in.of(extent, pool.output()), geometry, false, Shape.of(pool.in())));
    }
  }
}
