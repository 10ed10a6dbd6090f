package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/** Writes the forward step of a node. */
final class Forward {
  private Forward() {}

  static Value value(Node node, List<Value> operands, ProgramBuilder code) {
    Op op = node.op();
    if (op instanceof Op.Constant constant) {
      return code.constant(constant.value());
    } else if (op instanceof Op.Binary binary) {
      return arithmetic(binary.arithmetic(), operands.get(0), operands.get(1), code);
    } else if (op instanceof Op.MatMul) {
      return code.matMul(operands.get(0), operands.get(1));
    } else if (op instanceof Op.Concat concat) {
      return code.concat(operands, concat.axis());
    }
    Value x = operands.get(0);
    if (op instanceof Op.Identity) {
      return x;
    } else if (WeightedLayer.is(op)) {
      return WeightedLayer.product(op, WeightedLayer.weight(op), WeightedLayer.bias(op), x, code);
    } else if (op instanceof Op.ChannelAffine affine) {
      Value scaled =
          code.multiply(x, code.constant(alongAxis(affine.scale(), affine.axis(), x.shape())));
      return code.add(scaled, code.constant(alongAxis(affine.shift(), affine.axis(), x.shape())));
    } else if (op instanceof Op.Activation activation) {
      return ActivationTable.value(activation.function(), x, code);
    } else if (op instanceof Op.Softmax softmax) {
      return code.softmax(x, softmax.axis());
    } else if (op instanceof Op.MaxPool pool) {
      return code.maxPool(x, pool.geometry());
    } else if (op instanceof Op.AveragePool pool) {
      return code.averagePool(x, pool.geometry(), pool.countPadding());
    } else if (op instanceof Op.Reduce reduce) {
      return code.reshape(code.reduce(reduce.reduction(), x, reduce.axes()), node.shape());
    } else if (op instanceof Op.Reshape) {
      return code.reshape(x, node.shape());
    } else if (op instanceof Op.Transpose transpose) {
      return code.transpose(x, transpose.permutation());
    } else if (op instanceof Op.Slice slice) {
      return code.slice(x, slice.starts(), slice.steps(), slice.to());
    } else if (op instanceof Op.Pad pad) {
      return code.pad(x, pad.begin(), pad.end(), pad.value());
    }
    throw new IllegalStateException(
        "Node '" + node.name() + "' has no forward step: " + op.label());
  }

  /**
   * The forward step of a linear node without weights applied to a difference: constants that are
   * added do not count.
   */
  static Value ofDelta(Node node, Value delta, ProgramBuilder code) {
    if (node.op() instanceof Op.Pad pad) {
      return code.pad(delta, pad.begin(), pad.end(), 0f);
    }
    return value(node, List.of(delta), code);
  }

  static Value arithmetic(Op.Arithmetic arithmetic, Value a, Value b, ProgramBuilder code) {
    return switch (arithmetic) {
      case ADD -> code.add(a, b);
      case SUBTRACT -> code.subtract(a, b);
      case MULTIPLY -> code.multiply(a, b);
      case DIVIDE -> code.divide(a, b);
      case MINIMUM -> code.minimum(a, b);
      case MAXIMUM -> code.maximum(a, b);
    };
  }

  /** A vector of channels shaped to broadcast along {@code axis} of {@code shape}. */
  static Tensor alongAxis(Tensor channels, int axis, Shape shape) {
    int[] dims = new int[shape.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = channels.size();
    return channels.reshaped(dims);
  }
}
