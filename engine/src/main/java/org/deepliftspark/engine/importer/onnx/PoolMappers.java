package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.AxisOrder;
import org.deepliftspark.engine.importer.LayerNodes;

/** Pools over windows and over whole axes. */
final class PoolMappers {
  private PoolMappers() {}

  static Node max(NodeCall call) {
    Windows windows = windows(call);
    return call.add(
        new Op.MaxPool(geometry(windows, windows.padsBegin(), windows.padsEnd())),
        call.computed(0));
  }

  static Node average(NodeCall call) {
    Windows windows = windows(call);
    Node in = call.computed(0);
    boolean countPadding = call.node().flag("count_include_pad", false);
    if (!countPadding || !windows.hasExcess()) {
      return call.add(
          new Op.AveragePool(
              geometry(windows, windows.padsBegin(), windows.padsEnd()), countPadding),
          in);
    }
    // The declared padding counts, what ceil_mode adds behind it does not: pad first, then leave
    // out the rest.
    int[] begin = shifted(windows.padsBegin());
    int[] end = shifted(windows.padsEnd());
    for (int axis = 1; axis < end.length; axis++) {
      end[axis] -= windows.excess()[axis - 1];
    }
    Node padded = call.addHelper("padded", new Op.Pad(begin, end, 0), in);
    PoolGeometry geometry = geometry(windows, new int[windows.kernel().length], windows.excess());
    return call.add(new Op.AveragePool(geometry, false), padded);
  }

  private static int[] shifted(int[] spatial) {
    int[] all = new int[spatial.length + 1];
    System.arraycopy(spatial, 0, all, 1, spatial.length);
    return all;
  }

  private static PoolGeometry geometry(Windows windows, int[] begin, int[] end) {
    return new PoolGeometry(windows.kernel(), windows.strides(), begin, end);
  }

  private static Windows windows(NodeCall call) {
    OnnxNode node = call.node();
    Node in = call.computed(0);
    if (!node.has("kernel_shape")) {
      throw new IllegalArgumentException("it has no kernel_shape");
    }
    int axes = node.integers("kernel_shape").length;
    Windows windows =
        Windows.of(node, in.shape(), Windows.numbers(node, "kernel_shape", axes, 1, 1));
    if (windows.isDilated()) {
      throw new UnsupportedNode("dilations " + Arrays.toString(windows.dilations()));
    }
    for (int axis = 0; axis < axes; axis++) {
      if (Math.max(windows.padsBegin()[axis], windows.padsEnd()[axis]) >= windows.kernel()[axis]) {
        throw new IllegalArgumentException(
            "pads "
                + Arrays.toString(windows.padsBegin())
                + Arrays.toString(windows.padsEnd())
                + " must be smaller than the kernel "
                + Arrays.toString(windows.kernel()));
      }
    }
    return windows;
  }

  static Node global(NodeCall call, Reduction reduction) {
    Node in = call.computed(0);
    if (in.shape().rank() < 2) {
      throw new IllegalArgumentException("input " + in.shape() + " has no spatial axis");
    }
    return call.add(
        new Op.Reduce(reduction, IntStream.range(1, in.shape().rank()).toArray(), true), in);
  }

  /** Axes of a reduction that must have some. */
  static int[] axes(NodeCall call, Node in) {
    long[] axes = call.integers("axes", 1);
    if (axes == null || axes.length == 0) {
      throw new UnsupportedNode("without axes it mixes the examples of a batch");
    }
    return call.axes(axes, in);
  }

  static Node reduce(NodeCall call, Reduction reduction) {
    Node in = call.computed(0);
    long[] axes = call.integers("axes", 1);
    boolean none = axes == null || axes.length == 0;
    if (none && call.node().flag("noop_with_empty_axes", false)) {
      return call.add(new Op.Identity(), in);
    }
    int[] reduced = axes(call, in);
    boolean keep = call.node().flag("keepdims", true);
    Node result =
        reduction == Reduction.MAX
            ? maximum(call.nodes(), in, keep, reduced)
            : call.add(new Op.Reduce(reduction, reduced, keep), in);
    return placed(call, result, in, keep, reduced);
  }

  private static Node placed(NodeCall call, Node result, Node in, boolean keep, int... reduced) {
    BatchAxis batch = call.batchOf(in);
    return call.place(result, keep ? batch : batch.without(reduced));
  }

  /** A maximum has a rule over trailing axes: others are brought there. */
  private static Node maximum(LayerNodes nodes, Node in, boolean keep, int... axes) {
    int rank = in.shape().rank();
    int[] order = AxisOrder.toEnd(rank, axes);
    if (AxisOrder.isIdentity(order)) {
      return nodes.reduce("", Reduction.MAX, in, keep, axes);
    }
    Node last = nodes.transpose("last", in, order);
    int[] trailing = IntStream.range(rank - axes.length, rank).toArray();
    if (!keep) {
      return nodes.reduce("", Reduction.MAX, last, false, trailing);
    }
    int[] dims = in.shape().dims();
    Arrays.stream(axes).forEach(axis -> dims[axis] = 1);
    Node largest = nodes.reduce("largest", Reduction.MAX, last, false, trailing);
    return nodes
        .graph()
        .add(nodes.name(), new Op.Reshape(Shape.of(dims)), in.channelsFirst(), largest);
  }

  /** {@code -max(-x)}. */
  static Node minimum(NodeCall call) {
    Node in = call.computed(0);
    LayerNodes nodes = call.nodes();
    Node negative = nodes.combine("negative", Arithmetic.MULTIPLY, in, -1);
    LayerNodes inner = new LayerNodes(call.graph(), call.node().name() + "/maximum");
    boolean keep = call.node().flag("keepdims", true);
    int[] reduced = axes(call, in);
    Node largest = maximum(inner, negative, keep, reduced);
    return placed(call, nodes.combine("", Arithmetic.MULTIPLY, largest, -1), in, keep, reduced);
  }

  /** The root of the sum of squares of a window, or the sum of absolute values. */
  static Node norm(NodeCall call) {
    Windows windows = windows(call);
    Kind inner = inner(call);
    LayerNodes nodes = call.nodes();
    Node terms = nodes.apply("terms", inner, call.computed(0));
    PoolGeometry geometry = geometry(windows, windows.padsBegin(), windows.padsEnd());
    Node mean = nodes.add("mean", new Op.AveragePool(geometry, true), terms);
    int cells = Shape.of(windows.kernel()).size();
    boolean root = inner == Kind.SQUARE;
    Node sum = nodes.combine(root ? "sum" : "", Arithmetic.MULTIPLY, mean, cells);
    return root ? nodes.apply("", Kind.SQRT, sum) : sum;
  }

  static Node globalNorm(NodeCall call) {
    Node in = call.computed(0);
    Kind inner = inner(call);
    LayerNodes nodes = call.nodes();
    int[] positions = IntStream.range(1, in.shape().rank()).toArray();
    Node terms = nodes.apply("terms", inner, in);
    boolean root = inner == Kind.SQUARE;
    Node sum = nodes.reduce(root ? "sum" : "", Reduction.SUM, terms, true, positions);
    return root ? nodes.apply("", Kind.SQRT, sum) : sum;
  }

  private static Kind inner(NodeCall call) {
    long p = call.node().integer("p", 2);
    if (p != 1 && p != 2) {
      throw new UnsupportedNode("p " + p + "; supported: 1, 2");
    }
    return p == 1 ? Kind.ABS : Kind.SQUARE;
  }
}
