package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op.Arithmetic;

/** An ONNX operator of a user: {@code scale * tanh(x + w)}. */
public final class ScaledTanhOperator implements LayerMapper {
  @Override
  public Format format() {
    return Format.ONNX;
  }

  @Override
  public String type() {
    return "my.lab.ScaledTanh";
  }

  @Override
  public Node map(CustomLayer layer) {
    LayerNodes nodes = layer.nodes();
    Node weight = nodes.constant("weight", layer.weights().get(0));
    Node moved = nodes.combine("moved", Arithmetic.ADD, layer.input(), weight);
    Node tanh = nodes.apply("tanh", Kind.TANH, moved);
    return nodes.combine("", Arithmetic.MULTIPLY, tanh, layer.number("scale", 1));
  }
}
