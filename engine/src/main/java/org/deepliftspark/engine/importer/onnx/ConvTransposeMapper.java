package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** ConvTranspose, over any number of spatial axes. */
final class ConvTransposeMapper {
  private ConvTransposeMapper() {}

  static Node map(NodeCall call) {
    Node in = call.computed(0);
    OnnxArray weight = call.constant(1, "kernel");
    long groups = call.node().integer("group", 1);
    if (weight.rank() < 3
        || in.shape().rank() != weight.rank() - 1
        || groups < 1
        || in.shape().dim(0) != weight.dims()[0]
        || weight.dims()[0] % groups != 0) {
      throw new IllegalArgumentException(
          "kernel " + Arrays.toString(weight.dims()) + " does not fit input " + in.shape());
    }
    int channels = Math.toIntExact(weight.dims()[1] * groups);
    Lengths lengths = Lengths.of(call.node(), in.shape(), weight.dims());
    int[] to = new int[in.shape().rank()];
    to[0] = channels;
    System.arraycopy(lengths.to, 0, to, 1, lengths.to.length);
    ConvGeometry geometry =
        new ConvGeometry(
            lengths.strides, lengths.begin, lengths.end, lengths.dilations, (int) groups);
    Tensor bias = ConvMapper.bias(call, channels);
    return call.add(new Op.ConvTranspose(weight.tensor(), bias, geometry, Shape.of(to)), in);
  }

  /** Padding and length of the result per axis, as the operator's specification has them. */
  private static final class Lengths {
    private final int[] strides;
    private final int[] dilations;
    private final int[] begin;
    private final int[] end;
    private final int[] to;

    private Lengths(OnnxNode node, int axes) {
      int[] pads = Windows.numbers(node, "pads", 2 * axes, 0, 0);
      this.strides = Windows.numbers(node, "strides", axes, 1, 1);
      this.dilations = Windows.numbers(node, "dilations", axes, 1, 1);
      this.begin = Arrays.copyOf(pads, axes);
      this.end = Arrays.copyOfRange(pads, axes, 2 * axes);
      this.to = new int[axes];
    }

    static Lengths of(OnnxNode node, Shape in, int[] weight) {
      int axes = weight.length - 2;
      Lengths lengths = new Lengths(node, axes);
      int[] further = Windows.numbers(node, "output_padding", axes, 0, 0);
      int[] given =
          node.has("output_shape") ? Windows.numbers(node, "output_shape", axes, 1, 1) : null;
      String autoPad = node.text("auto_pad", "NOTSET");
      boolean same = autoPad.equals("SAME_UPPER") || autoPad.equals("SAME_LOWER");
      for (int axis = 0; axis < axes; axis++) {
        long span = (long) lengths.dilations[axis] * (weight[axis + 2] - 1) + 1;
        long whole = (long) lengths.strides[axis] * (in.dim(axis + 1) - 1) + further[axis] + span;
        long wanted = given != null ? given[axis] : (long) in.dim(axis + 1) * lengths.strides[axis];
        if (given != null || same) {
          int total = Math.toIntExact(Math.max(0, whole - wanted));
          lengths.begin[axis] = autoPad.equals("SAME_UPPER") ? total / 2 : total - total / 2;
          lengths.end[axis] = total - lengths.begin[axis];
        } else if (!autoPad.equals("NOTSET") && !autoPad.isEmpty() && !autoPad.equals("VALID")) {
          throw new IllegalArgumentException("auto_pad '" + autoPad + "' is unknown");
        } else {
          wanted = whole - lengths.begin[axis] - lengths.end[axis];
        }
        lengths.to[axis] = Math.toIntExact(wanted);
        if (wanted < 1) {
          throw new IllegalArgumentException("pads leave nothing of axis " + (axis + 2));
        }
      }
      return lengths;
    }
  }
}
