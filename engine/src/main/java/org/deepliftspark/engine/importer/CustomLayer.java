package org.deepliftspark.engine.importer;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * One call of a layer that a {@link LayerMapper} reads.
 *
 * @param nodes writes nodes under the layer's name
 * @param inputs what the layer is called with, axes as in the file, without the batch
 * @param weights the layer's arrays: of Keras in the order in which the layer made them, those of
 *     layers within it behind its own; of ONNX the inputs that are constant
 * @param settings of Keras the layer's config, of ONNX the attributes: strings, numbers (Long or
 *     Double), booleans, lists and maps of them; what is null is left out
 */
public record CustomLayer(
    LayerNodes nodes, List<Node> inputs, List<Tensor> weights, Map<String, Object> settings) {

  /** The one input. */
  public Node input() {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("it takes 1 input, found " + inputs.size());
    }
    return inputs.get(0);
  }

  /** A number among the settings. */
  public double number(String key, double otherwise) {
    Object value = settings.get(key);
    if (value == null) {
      return otherwise;
    } else if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("setting '" + key + "' is no number: " + value);
  }

  /** A weight of this shape. */
  public Tensor weight(int index, int... dims) {
    if (index >= weights.size()) {
      throw new IllegalArgumentException(
          "it has " + weights.size() + " weights, expected at least " + (index + 1));
    }
    Tensor weight = weights.get(index);
    if (!weight.shape().equals(Shape.of(dims))) {
      throw new IllegalArgumentException(
          "weight " + index + " has shape " + weight.shape() + ", expected " + Shape.of(dims));
    }
    return weight;
  }
}
