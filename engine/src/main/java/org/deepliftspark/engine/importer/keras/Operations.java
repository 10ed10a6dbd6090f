package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Literal;

/**
 * Operations written as code between layers, such as {@code x + y} or {@code x[:, 2:-2]}: Keras 3
 * lists them under the class of the operation, tf.keras under the name of a TensorFlow function.
 * Both come to the same few readers; their operands may be numbers.
 */
final class Operations {
  private static final Map<String, Op.Arithmetic> ARITHMETIC =
      Map.of(
          "add", Op.Arithmetic.ADD,
          "subtract", Op.Arithmetic.SUBTRACT,
          "multiply", Op.Arithmetic.MULTIPLY,
          "divide", Op.Arithmetic.DIVIDE,
          "true_divide", Op.Arithmetic.DIVIDE,
          "minimum", Op.Arithmetic.MINIMUM,
          "maximum", Op.Arithmetic.MAXIMUM);

  /** TensorFlow's names that differ from Keras's. */
  private static final Map<String, String> TENSORFLOW =
      Map.of(
          "sub", "subtract",
          "mul", "multiply",
          "truediv", "divide",
          "swish", "silu",
          "getitem", "get_item",
          "concat", "concatenate");

  private Operations() {}

  /**
   * The reader of a Keras 3 operation, by the class's name in snake case, or null if there is none.
   */
  static LayerReader of(String className) {
    return byName(ModelParser.snakeCase(className));
  }

  /** The reader of a tf.keras operation layer, by what its settings call the function, or null. */
  static LayerReader ofTensorFlow(LayerConfig layer) {
    String function = layer.config().text("", "function");
    String last = function.substring(function.lastIndexOf('.') + 1);
    boolean known =
        function.startsWith("__operators__.")
            || function.startsWith("math.")
            || function.startsWith("nn.")
            || function.equals("concat");
    return known ? byName(TENSORFLOW.getOrDefault(last, last)) : null;
  }

  private static LayerReader byName(String name) {
    Op.Arithmetic arithmetic = ARITHMETIC.get(name);
    if (arithmetic != null) {
      return c -> arithmetic(c, arithmetic);
    } else if (Activations.isOperation(name)) {
      return c -> Activations.operation(c, name);
    }
    return switch (name) {
      case "get_item" -> Slices::getItem;
      case "concatenate" -> Operations::concatenate;
      case "softmax" -> Activations::softmaxLayer;
      case "identity" -> c -> c.keep(new Op.Identity());
      default -> null;
    };
  }

  private static Value arithmetic(LayerContext c, Op.Arithmetic arithmetic) {
    if (c.inputs().isEmpty()) {
      throw c.config().invalid("arguments", "a tensor", null);
    }
    List<Value> tensors = new ArrayList<>(c.inputs());
    List<Value> operands = new ArrayList<>();
    for (Argument argument : arguments(c.call())) {
      operands.add(
          argument instanceof Literal literal
              ? constant(c, literal.json(), c.inputs().get(0))
              : tensors.remove(0));
    }
    if (operands.size() != 2) {
      throw c.config().invalid("arguments", "2 operands", null);
    }
    return MergeLayers.binary(c.graph(), c.name(), arithmetic, operands.get(0), operands.get(1));
  }

  /** Positional arguments and then those called {@code y} (or {@code x2}), in that order. */
  private static List<Argument> arguments(LayerCall call) {
    List<Argument> arguments = new ArrayList<>(call.arguments());
    for (String key : List.of("x", "x1", "y", "x2")) {
      if (call.named().containsKey(key)) {
        arguments.add(call.named().get(key));
      }
    }
    return arguments;
  }

  /**
   * A number or array, laid out as the tensor it meets; an array's batch axis must have length 1.
   */
  private static Value constant(LayerContext c, JsonNode json, Value other) {
    Literals.Array array = Literals.array(c, json);
    int[] dims = array.dims();
    if (dims.length == other.rank() + 1 && dims[0] == 1) {
      dims = Arrays.copyOfRange(dims, 1, dims.length);
    }
    Tensor tensor = Tensor.of(array.data(), dims);
    if (dims.length > other.rank()) {
      throw c.config().invalid("constant", "the same for all rows", json);
    }
    String name = c.aside("constant");
    if (!other.moved() || dims.length < other.rank()) {
      return c.graph().constant(name, tensor);
    }
    return new Value(
        c.graph().constant(name, tensor.permuted(Value.toFirst(dims.length))).node(), true);
  }

  private static Value concatenate(LayerContext c) {
    Argument axis = c.call().named().get("axis");
    return axis instanceof Literal literal && literal.json().isInt()
        ? MergeLayers.concatenate(c, literal.json().intValue())
        : MergeLayers.concatenate(c);
  }
}
