package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * The map of Grad-CAM: the channels of a layer, weighted by the means of their gradients over
 * space, summed and cut at 0; stretched to the input by its nearest cells. Source: Selvaraju et
 * al., ICCV 2017, equations 1 and 2.
 *
 * @param layer the node whose channels are taken
 */
record GradCam(Node layer) {

  /**
   * @param name of a node, or null for the activation behind the last convolution
   * @throws InvalidInputException if there is no such node
   * @throws UnsupportedModelException if there is no convolution to choose
   */
  static GradCam of(String name, Graph graph, boolean[] needed) {
    Node layer = name == null ? lastConvolution(graph, needed) : graph.find(name);
    if (layer == null) {
      throw new InvalidInputException(
          "Invalid layer '"
              + name
              + "' (--method grad-cam:LAYER): "
              + graph.name()
              + " has no such node; inspect lists them");
    }
    if (layer.shape().rank() < 2 || layer.op() instanceof Op.Input || !needed[layer.id()]) {
      throw new InvalidInputException(
          "Invalid layer '"
              + layer.name()
              + "' (--method grad-cam:LAYER): expected a node between the input and the target whose"
              + " shape has a position and a channel, found "
              + layer.op().label()
              + " of shape "
              + layer.userShape());
    }
    return new GradCam(layer);
  }

  private static Node lastConvolution(Graph graph, boolean[] needed) {
    Node last = null;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Conv && needed[node.id()]) {
        last = node;
      }
    }
    if (last == null) {
      throw new UnsupportedModelException(
          "Cannot explain "
              + graph.name()
              + " by grad-cam: it has no convolution; name a layer with --method grad-cam:LAYER");
    }
    return activationBehind(last, graph);
  }

  /** The activation that reads a node, through layers that change no position; or the node. */
  private static Node activationBehind(Node convolution, Graph graph) {
    Node at = convolution;
    for (Node node : graph.nodes()) {
      if (node.inputs().contains(at.id())) {
        if (node.op() instanceof Op.Activation) {
          return node;
        } else if (node.op() instanceof Op.ChannelAffine || node.op() instanceof Op.Identity) {
          at = node;
        }
      }
    }
    return convolution;
  }

  /** The map, shaped as the input with one channel. */
  Value map(Node input, Value activation, Value gradient, ProgramBuilder code) {
    int rank = layer.shape().rank();
    if (input.shape().rank() != rank) {
      throw new UnsupportedModelException(
          "Cannot explain input '"
              + input.name()
              + "' by grad-cam: expected as many axes as layer '"
              + layer.name()
              + "' has ("
              + rank
              + "), found shape "
              + input.shape());
    }
    int channels = layer.channelsFirst() ? 0 : rank - 1;
    int[] space = IntStream.range(0, rank).filter(axis -> axis != channels).toArray();
    Value weights = code.reduce(Op.Reduction.MEAN, gradient, space);
    Value sum = code.reduce(Op.Reduction.SUM, code.multiply(activation, weights), channels);
    int[] cells = Arrays.stream(space).map(axis -> layer.shape().dim(axis)).toArray();
    Value map = code.reshape(code.unary(UnaryOp.RELU, sum), Shape.of(cells));
    for (int axis = 0; axis < cells.length; axis++) {
      map = stretched(map, axis, input.shape().dim(axis), code);
    }
    return code.reshape(map, input.shape().with(-1, 1));
  }

  private static Value stretched(Value map, int axis, int length, ProgramBuilder code) {
    int cells = map.shape().dim(axis);
    if (cells == length) {
      return map;
    }
    int last = map.shape().rank() - 1;
    int[] swap = IntStream.rangeClosed(0, last).toArray();
    swap[axis] = last;
    swap[last] = axis;
    Value along = code.dense(code.transpose(map, swap), nearest(cells, length), false, null);
    return code.transpose(along, swap);
  }

  /** Column i has its 1 at the cell that lies nearest to position i. */
  private static Tensor nearest(int cells, int length) {
    float[] matrix = new float[Math.multiplyExact(cells, length)];
    for (int i = 0; i < length; i++) {
      matrix[(int) ((long) i * cells / length) * length + i] = 1;
    }
    return Tensor.of(matrix, cells, length);
  }
}
