package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;

/** A Keras layer of a user: {@code scale * tanh(x W)}; docs/bringing-a-model.md shows it. */
public final class ScaledTanhMapper implements LayerMapper {
  @Override
  public Format format() {
    return Format.KERAS;
  }

  @Override
  public String type() {
    return "ScaledTanh";
  }

  @Override
  public Node map(CustomLayer layer) {
    int features = layer.input().shape().dim(-1);
    int units = (int) layer.number("units", features);
    Op dense = new Op.Dense(layer.weight(0, features, units), null);
    Node linear = layer.nodes().add("dense", dense, layer.input());
    Node tanh = layer.nodes().apply("tanh", Kind.TANH, linear);
    return layer.nodes().combine("", Arithmetic.MULTIPLY, tanh, layer.number("scale", 1));
  }
}
