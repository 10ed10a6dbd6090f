package org.deepliftspark.engine.backend.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.onnx.OnnxGraph.Attribute;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Instruction;

/**
 * Convolutions and their adjoints. The adjoint is a convolution with flipped weights where the
 * stride is 1, which has fast kernels, and ConvTranspose otherwise.
 */
final class OnnxConvolutions {
  /**
   * DNA has 4 channels, images 1 or 3: too few for the vector registers of a convolution's kernel.
   */
  private static final int FEW_CHANNELS = 4;

  /**
   * From here on ConvTranspose, one large product and a scatter, beats blocks (measured: 64
   * channels slower, 300 faster).
   */
  private static final int MANY_CHANNELS = 256;

  private static final int WIDE_KERNEL = 8;
  private static final int WIDE_BLOCK = 8;
  private static final int NARROW_BLOCK = 4;

  private final OnnxGraph graph;
  private final OnnxEmitter emitter;
  private final Map<Tensor, Tensor> flipped = new IdentityHashMap<>();

  OnnxConvolutions(OnnxGraph graph, OnnxEmitter emitter) {
    this.graph = graph;
    this.emitter = emitter;
  }

  String forward(Instruction.Conv conv) {
    List<String> inputs =
        new ArrayList<>(List.of(emitter.merged(conv.x()), graph.tensor(conv.weight())));
    if (conv.bias() != null) {
      inputs.add(graph.tensor(conv.bias()));
    }
    return emitter.split(
        graph.node(
            "Conv",
            inputs,
            attributes(conv.geometry(), conv.geometry().padsBegin(), conv.geometry().padsEnd())),
        conv.out());
  }

  String transpose(Instruction.ConvTranspose conv) {
    String m = emitter.merged(conv.m());
    boolean unitStride = true;
    for (int stride : conv.geometry().strides()) {
      unitStride &= stride == 1;
    }
    int from = conv.m().shape().dim(0);
    int to = conv.out().shape().dim(0);
    boolean few = to <= FEW_CHANNELS && conv.geometry().groups() == 1;
    String result =
        !unitStride || few && from >= MANY_CHANNELS
            ? byConvTranspose(conv, m)
            : byFlippedWeights(conv, m, few);
    return emitter.split(result, conv.out());
  }

  private String byFlippedWeights(Instruction.ConvTranspose conv, String m, boolean few) {
    ConvGeometry geometry = conv.geometry();
    int axes = geometry.spatialAxes();
    int[] begin = new int[axes];
    int[] end = new int[axes];
    int[] cropBegin = new int[axes + 1];
    int[] dims = conv.m().shape().dims();
    boolean crops = false;
    for (int axis = 0; axis < axes; axis++) {
      int span = geometry.dilations()[axis] * (conv.weight().shape().dim(axis + 2) - 1);
      begin[axis] = span - geometry.padsBegin()[axis];
      // the forward pass may have read less than the padded end: the input's length says what is
      // needed
      end[axis] = conv.out().shape().dim(axis + 1) + span - dims[axis + 1] - begin[axis];
      cropBegin[axis + 1] = Math.max(0, -begin[axis]);
      dims[axis + 1] -= cropBegin[axis + 1] + Math.max(0, -end[axis]);
      crops |= begin[axis] < 0 || end[axis] < 0;
      begin[axis] = Math.max(0, begin[axis]);
      end[axis] = Math.max(0, end[axis]);
    }
    String source = crops ? emitter.slice(m, cropBegin, ones(axes + 1), Shape.of(dims)) : m;
    Tensor weight =
        flipped.computeIfAbsent(conv.weight(), w -> AdjointWeights.flipped(w, geometry.groups()));
    int width = weight.shape().dim(-1);
    int block = width >= WIDE_KERNEL ? WIDE_BLOCK : NARROW_BLOCK;
    boolean blocks =
        few
            && width > 1
            && geometry.dilations()[axes - 1] == 1
            && conv.out().shape().dim(-1) > block;
    return blocks
        ? byBlocks(conv, source, weight, block, begin, end)
        : graph.node(
            "Conv", List.of(source, graph.tensor(weight)), attributes(geometry, begin, end));
  }

  /**
   * Few output channels leave vector registers empty: so {@code block} neighbouring positions
   * become channels of one wider convolution.
   */
  private String byBlocks(
      Instruction.ConvTranspose conv, String m, Tensor weight, int block, int[] begin, int[] end) {
    int axes = begin.length;
    int[] out = conv.out().shape().dims();
    int length = out[axes];
    int blocks = (length + block - 1) / block;
    int[] strides = ones(axes);
    strides[axes - 1] = block;
    int[] wider = end.clone();
    wider[axes - 1] += blocks * block - length;
    ConvGeometry geometry = new ConvGeometry(strides, begin, wider, conv.geometry().dilations(), 1);
    String columns =
        graph.node(
            "Conv",
            List.of(m, graph.tensor(AdjointWeights.blocked(weight, block))),
            attributes(geometry, begin, wider));
    int[] split = new int[axes + 3];
    split[0] = -1;
    split[1] = block;
    System.arraycopy(out, 0, split, 2, axes + 1);
    split[axes + 2] = blocks;
    int[] permutation = new int[axes + 3];
    for (int axis = 1; axis <= axes + 1; axis++) {
      permutation[axis] = axis + 1;
    }
    permutation[axes + 2] = 1;
    String rows =
        graph.node(
            "Transpose",
            List.of(emitter.reshape(columns, split)),
            Attribute.of("perm", permutation));
    int[] joined = out.clone();
    joined[axes] = blocks * block;
    String whole = emitter.mergedTo(rows, joined);
    return blocks * block == length
        ? whole
        : emitter.slice(whole, new int[axes + 1], ones(axes + 1), Shape.of(out));
  }

  private String byConvTranspose(Instruction.ConvTranspose conv, String m) {
    ConvGeometry geometry = conv.geometry();
    int axes = geometry.spatialAxes();
    int[] outputPadding = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      int span = geometry.dilations()[axis] * (conv.weight().shape().dim(axis + 2) - 1) + 1;
      int reach = (conv.m().shape().dim(axis + 1) - 1) * geometry.strides()[axis] + span;
      int padding = geometry.padsBegin()[axis] + geometry.padsEnd()[axis];
      // the end that the forward pass did not read; always less than a stride
      outputPadding[axis] = conv.out().shape().dim(axis + 1) - (reach - padding);
    }
    return graph.node(
        "ConvTranspose",
        List.of(m, graph.tensor(conv.weight())),
        Attribute.of("strides", geometry.strides()),
        Attribute.of("pads", join(geometry.padsBegin(), geometry.padsEnd())),
        Attribute.of("dilations", geometry.dilations()),
        Attribute.of("group", (long) geometry.groups()),
        Attribute.of("output_padding", outputPadding));
  }

  private static Attribute[] attributes(ConvGeometry geometry, int[] begin, int[] end) {
    return new Attribute[] {
      Attribute.of("strides", geometry.strides()),
      Attribute.of("pads", join(begin, end)),
      Attribute.of("dilations", geometry.dilations()),
      Attribute.of("group", (long) geometry.groups())
    };
  }

  static int[] join(int[] begin, int[] end) {
    int[] joined = new int[begin.length + end.length];
    System.arraycopy(begin, 0, joined, 0, begin.length);
    System.arraycopy(end, 0, joined, begin.length, end.length);
    return joined;
  }

  static int[] ones(int length) {
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
