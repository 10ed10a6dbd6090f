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
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;

/**
 * Convolutions and their adjoints. The adjoint is a convolution with flipped weights where the
 * stride is 1, which has fast kernels, and ConvTranspose otherwise.
 */
final class OnnxConvolutions {
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
    return emitter.split(
        unitStride ? byFlippedWeights(conv, m) : byConvTranspose(conv, m), conv.out());
  }

  private String byFlippedWeights(Instruction.ConvTranspose conv, String m) {
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
      // the forward pass may have read less than the padded end; the input's length says what is
      // needed
      end[axis] = conv.out().shape().dim(axis + 1) + span - dims[axis + 1] - begin[axis];
      cropBegin[axis + 1] = Math.max(0, -begin[axis]);
      dims[axis + 1] -= cropBegin[axis + 1] + Math.max(0, -end[axis]);
      crops |= begin[axis] < 0 || end[axis] < 0;
      begin[axis] = Math.max(0, begin[axis]);
      end[axis] = Math.max(0, end[axis]);
    }
    String source = crops ? emitter.slice(m, cropBegin, ones(axes + 1), Shape.of(dims)) : m;
    String weight =
        graph.tensor(flipped.computeIfAbsent(conv.weight(), w -> flip(w, geometry.groups())));
    return graph.node("Conv", List.of(source, weight), attributes(geometry, begin, end));
  }

  private String byConvTranspose(Instruction.ConvTranspose conv, String m) {
    ConvGeometry geometry = conv.geometry();
    int axes = geometry.spatialAxes();
    int[] outputPadding = new int[axes];
    int[] extra = new int[axes + 1];
    int[] begin = geometry.padsBegin().clone();
    int[] end = geometry.padsEnd().clone();
    boolean pads = false;
    for (int axis = 0; axis < axes; axis++) {
      int span = geometry.dilations()[axis] * (conv.weight().shape().dim(axis + 2) - 1) + 1;
      int reach = (conv.m().shape().dim(axis + 1) - 1) * geometry.strides()[axis] + span;
      int missing = conv.out().shape().dim(axis + 1) - (reach - begin[axis] - end[axis]);
      // the runtime takes an output padding below the stride only; more (stride > kernel) is padded
      // on afterwards
      outputPadding[axis] = missing < geometry.strides()[axis] ? missing : 0;
      extra[axis + 1] = missing - outputPadding[axis];
      pads |= extra[axis + 1] != 0;
    }
    Attribute[] attributes = {
      Attribute.of("strides", geometry.strides()),
      Attribute.of("pads", join(begin, end)),
      Attribute.of("dilations", geometry.dilations()),
      Attribute.of("group", (long) geometry.groups()),
      Attribute.of("output_padding", outputPadding)
    };
    String result =
        graph.node("ConvTranspose", List.of(m, graph.tensor(conv.weight())), attributes);
    return pads ? emitter.pad(result, Extent.NONE, new int[axes + 1], extra, 0f) : result;
  }

  /**
   * Weights {@code [out, in / groups, k...]} as those of the adjoint, {@code [in, out / groups,
   * k...]}, taps reversed.
   */
  private static Tensor flip(Tensor weight, int groups) {
    Shape shape = weight.shape();
    int outPerGroup = shape.dim(0) / groups;
    int inPerGroup = shape.dim(1);
    int taps = shape.size() / shape.dim(0) / inPerGroup;
    float[] data = new float[weight.size()];
    for (int group = 0; group < groups; group++) {
      for (int in = 0; in < inPerGroup; in++) {
        for (int out = 0; out < outPerGroup; out++) {
          int from = ((group * outPerGroup + out) * inPerGroup + in) * taps;
          int to = ((group * inPerGroup + in) * outPerGroup + out) * taps;
          for (int tap = 0; tap < taps; tap++) {
            data[to + tap] = weight.data()[from + taps - 1 - tap];
          }
        }
      }
    }
    int[] dims = shape.dims();
    dims[0] = inPerGroup * groups;
    dims[1] = outPerGroup;
    return Tensor.of(data, dims);
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
