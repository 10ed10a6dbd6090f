package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Dense layers, convolutions and their transposes, by weights that may be others than their own.
 */
final class WeightedLayer {
  private WeightedLayer() {}

  static boolean is(Op op) {
    return op instanceof Op.Dense || op instanceof Op.Conv || op instanceof Op.ConvTranspose;
  }

  static Tensor weight(Op op) {
    if (op instanceof Op.Dense dense) {
      return dense.weight();
    } else if (op instanceof Op.ConvTranspose conv) {
      return conv.weight();
    }
    return ((Op.Conv) op).weight();
  }

  /** Null if the layer has none. */
  static Tensor bias(Op op) {
    if (op instanceof Op.Dense dense) {
      return dense.bias();
    } else if (op instanceof Op.ConvTranspose conv) {
      return conv.bias();
    }
    return ((Op.Conv) op).bias();
  }

  /** Weights or biases changed one by one. */
  static Tensor mapped(Tensor numbers, Function function) {
    float[] data = numbers.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = function.of(data[i]);
    }
    return Tensor.of(data, numbers.shape());
  }

  /** A function of a float. */
  interface Function {
    float of(float number);
  }

  /**
   * What the layer makes of x.
   *
   * @param bias null for none
   */
  static Value product(Op op, Tensor weight, Tensor bias, Value x, ProgramBuilder code) {
    if (op instanceof Op.Dense) {
      return code.dense(x, weight, false, bias);
    } else if (op instanceof Op.ConvTranspose conv) {
      Value product = code.convTranspose(x, weight, conv.geometry(), conv.to());
      return bias == null
          ? product
          : code.add(product, code.constant(Forward.alongAxis(bias, 0, conv.to())));
    }
    return code.conv(x, weight, bias, ((Op.Conv) op).geometry());
  }

  /**
   * The layer's adjoint.
   *
   * @param in shape of the layer's input
   */
  static Value adjoint(Op op, Tensor weight, Shape in, Value m, ProgramBuilder code) {
    if (op instanceof Op.Dense) {
      return code.dense(m, weight, true, null);
    } else if (op instanceof Op.ConvTranspose conv) {
      return code.conv(m, weight, null, conv.geometry());
    }
    return code.convTranspose(m, weight, ((Op.Conv) op).geometry(), in);
  }
}
