package org.deepliftspark.engine.importer.onnx;

import java.util.Locale;
import java.util.function.IntUnaryOperator;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Attention;
import org.deepliftspark.engine.importer.Einsum;
import org.deepliftspark.engine.importer.LayerNodes;
import org.deepliftspark.engine.importer.LinearMaps;

/** Linear operators that are no op of their own: masks, blocks, running sums, sums of products. */
final class LinearMappers {
  private static final int MOST_COPIES = 1 << 20;

  private LinearMappers() {}

  /** One of two values by a constant condition: each times a mask, and their sum. */
  static Node where(NodeCall call) {
    if (!call.isConstant(0)) {
      throw new UnsupportedNode(
          "its condition depends on the input, and it chooses between what is no function of one tensor");
    }
    int rank = 0;
    for (int input = 1; input <= 2; input++) {
      rank = call.isConstant(input) ? rank : Math.max(rank, call.computed(input).shape().rank());
    }
    Tensor condition = call.perExample(call.constant(0, "condition"), rank);
    float[] first = condition.data().clone();
    float[] second = new float[first.length];
    for (int i = 0; i < first.length; i++) {
      first[i] = first[i] == 0 ? 0 : 1;
      second[i] = 1 - first[i];
    }
    LayerNodes nodes = call.nodes();
    Node left = masked(call, nodes, "first", 1, Tensor.of(first, condition.shape()), rank);
    Node right = masked(call, nodes, "second", 2, Tensor.of(second, condition.shape()), rank);
    return nodes.combine("", Arithmetic.ADD, left, right);
  }

  private static Node masked(
      NodeCall call, LayerNodes nodes, String part, int input, Tensor mask, int rank) {
    if (!call.isConstant(input)) {
      Node constant = nodes.constant(part + "/mask", mask);
      return nodes.combine(part, Arithmetic.MULTIPLY, call.computed(input), constant);
    }
    // computed here, because 0 times minus infinity is no number
    Tensor value = finite(call.perExample(call.constant(input, "operand"), rank));
    int[] dims = Broadcast.dims(value.shape().dims(), mask.shape().dims());
    float[] product = new float[Shape.of(dims).size()];
    IntUnaryOperator ofValue = Broadcast.source(value.shape().dims(), dims);
    IntUnaryOperator ofMask = Broadcast.source(mask.shape().dims(), dims);
    for (int i = 0; i < product.length; i++) {
      boolean kept = mask.data()[ofMask.applyAsInt(i)] != 0;
      product[i] = kept ? value.data()[ofValue.applyAsInt(i)] : 0;
    }
    return nodes.constant(part, Tensor.of(product, dims));
  }

  /** Masks of attention hold minus infinity, or the lowest number; differences of it are none. */
  static Tensor finite(Tensor tensor) {
    float[] data = tensor.data();
    for (float value : data) {
      if (value < -Float.MAX_VALUE / 4) {
        float[] finite = data.clone();
        for (int i = 0; i < finite.length; i++) {
          finite[i] = finite[i] < -Float.MAX_VALUE / 4 ? Attention.MASKED : finite[i];
        }
        return Tensor.of(finite, tensor.shape());
      }
    }
    return tensor;
  }

  /** The upper or lower triangle of the last two axes. */
  static Node trilu(NodeCall call) {
    Node in = call.computed(0);
    if (in.shape().rank() < 2) {
      throw new UnsupportedNode("it works along the batch axis");
    }
    int rows = in.shape().dim(-2);
    int columns = in.shape().dim(-1);
    long k = call.has(1) ? call.constant(1, "k").plainIntegers("k")[0] : 0;
    boolean upper = call.node().flag("upper", true);
    float[] mask = LinearMaps.matrix(call.graph(), rows, columns);
    for (int i = 0; i < mask.length; i++) {
      long above = i % columns - i / columns - k;
      mask[i] = (upper ? above >= 0 : above <= 0) ? 1 : 0;
    }
    LayerNodes nodes = call.nodes();
    Node constant = nodes.constant("mask", Tensor.of(mask, rows, columns));
    return nodes.combine("", Arithmetic.MULTIPLY, in, constant);
  }

  static Node cumulativeSum(NodeCall call) {
    Node in = call.computed(0);
    int axis = call.axis(call.constant(1, "axis").plainIntegers("axis")[0], in);
    boolean exclusive = call.node().flag("exclusive", false);
    boolean reverse = call.node().flag("reverse", false);
    int length = in.shape().dim(axis);
    float[] sums = LinearMaps.matrix(call.graph(), length, length);
    for (int i = 0; i < sums.length; i++) {
      int from = i / length;
      int to = i % length;
      boolean counts = from == to ? !exclusive : reverse ? from > to : from < to;
      sums[i] = counts ? 1 : 0;
    }
    Tensor matrix = Tensor.of(sums, length, length);
    return LinearMaps.along(call.graph(), call.node().name(), in, axis, matrix);
  }

  /** Repeats the whole of each axis. */
  static Node tile(NodeCall call) {
    Node in = call.computed(0);
    OnnxArray repeats = call.constant(1, "repeats");
    int rank = in.shape().rank();
    if (repeats.size() != rank + 1) {
      throw new IllegalArgumentException(repeats.size() + " repeats do not fit " + in.shape());
    }
    if (repeats.integer(0) != 1 || repeats.power(0) != 0) {
      throw new UnsupportedNode("it repeats the batch axis");
    }
    int[] apart = new int[2 * rank];
    int[] copies = new int[2 * rank];
    int[] dims = in.shape().dims();
    for (int axis = 0; axis < rank; axis++) {
      long count = repeats.integer(axis + 1);
      if (count < 1 || count > MOST_COPIES || repeats.power(axis + 1) != 0) {
        throw new UnsupportedNode("it repeats axis " + (axis + 1) + " " + count + " times");
      }
      apart[2 * axis] = 1;
      apart[2 * axis + 1] = dims[axis];
      copies[2 * axis] = (int) count;
      copies[2 * axis + 1] = 1;
      dims[axis] = Math.multiplyExact(dims[axis], (int) count);
    }
    LayerNodes nodes = call.nodes();
    Node cells = nodes.reshape("cells", in, apart);
    call.graph().claim(Shape.of(copies).size());
    Node zeros = nodes.constant("zeros", Tensor.filled(0, Shape.of(copies)));
    Node repeated = nodes.combine("repeated", Arithmetic.ADD, cells, zeros);
    return call.graph()
        .add(call.node().name(), new Op.Reshape(Shape.of(dims)), in.channelsFirst(), repeated);
  }

  /** Channels that become blocks of pixels. */
  static Node depthToSpace(NodeCall call) {
    Node in = image(call);
    int block = block(call);
    int[] dims = in.shape().dims();
    int depth = dims[0] / (block * block);
    if (depth * block * block != dims[0]) {
      throw new IllegalArgumentException("blocks of " + block + " do not fit " + in.shape());
    }
    boolean depthFirst = call.node().text("mode", "DCR").toUpperCase(Locale.ROOT).equals("CRD");
    LayerNodes nodes = call.nodes();
    Node apart =
        depthFirst
            ? nodes.reshape("blocks", in, depth, block, block, dims[1], dims[2])
            : nodes.reshape("blocks", in, block, block, depth, dims[1], dims[2]);
    Node ordered =
        depthFirst
            ? nodes.transpose("ordered", apart, 0, 3, 1, 4, 2)
            : nodes.transpose("ordered", apart, 2, 3, 0, 4, 1);
    Shape to = Shape.of(depth, dims[1] * block, dims[2] * block);
    return call.graph().add(call.node().name(), new Op.Reshape(to), true, ordered);
  }

  /** Blocks of pixels that become channels. */
  static Node spaceToDepth(NodeCall call) {
    Node in = image(call);
    int block = block(call);
    int[] dims = in.shape().dims();
    int height = dims[1] / block;
    int width = dims[2] / block;
    if (height * block != dims[1] || width * block != dims[2]) {
      throw new IllegalArgumentException("blocks of " + block + " do not fit " + in.shape());
    }
    LayerNodes nodes = call.nodes();
    Node apart = nodes.reshape("blocks", in, dims[0], height, block, width, block);
    Node ordered = nodes.transpose("ordered", apart, 2, 4, 0, 1, 3);
    Shape to = Shape.of(dims[0] * block * block, height, width);
    return call.graph().add(call.node().name(), new Op.Reshape(to), true, ordered);
  }

  private static Node image(NodeCall call) {
    Node in = call.computed(0);
    if (in.shape().rank() != 3) {
      throw new IllegalArgumentException("input " + in.shape() + " is no image");
    }
    return in;
  }

  private static int block(NodeCall call) {
    long block = call.node().integer("blocksize", 0);
    if (block < 1 || block > Short.MAX_VALUE) {
      throw new IllegalArgumentException("blocksize " + block);
    }
    return (int) block;
  }

  /** Of one or two operands; a letter that stands in front of all of them is the batch. */
  static Node einsum(NodeCall call) {
    String equation = call.node().text("equation", "").replace(" ", "");
    String[] sides = equation.split("->|,");
    int count = call.inputs().size();
    if (!equation.contains("->") || sides.length != count + 1 || equation.contains(".")) {
      throw new UnsupportedNode("equation '" + equation + "' has no result or has ellipses");
    }
    if (count > 2) {
      throw new UnsupportedNode("equation '" + equation + "' has " + count + " operands");
    }
    String result = sides[count];
    for (int input = 0; input <= count; input++) {
      boolean constant = input < count && call.isConstant(input);
      boolean first = !sides[input].isEmpty() && sides[input].charAt(0) == result.charAt(0);
      if (result.isEmpty()
          || constant == (sides[input].indexOf(result.charAt(0)) >= 0)
          || first == constant) {
        throw new UnsupportedNode("equation '" + equation + "' moves or mixes the batch axis");
      }
    }
    String name = call.node().name();
    String plain = result.substring(1);
    int active = call.isConstant(0) ? 1 : 0;
    Node a = call.computed(active);
    String left = sides[active].substring(1);
    if (count == 1) {
      return Einsum.of(call.graph(), name, left, a, "", Tensor.scalar(1), plain);
    }
    int other = 1 - active;
    return call.isConstant(other)
        ? Einsum.of(
            call.graph(),
            name,
            left,
            a,
            sides[other],
            call.constant(other, "operand").tensor(),
            plain)
        : Einsum.of(call.graph(), name, left, a, sides[1].substring(1), call.computed(1), plain);
  }
}
