package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.AttributeProto;

/**
 * Computes nodes whose inputs are all known: weights that are reshaped or scaled, and the shape
 * arithmetic that exporters write (Shape, Gather, Concat, Reshape). Floating-point results are
 * computed in double and rounded to float once per node.
 */
final class ConstantFolder {
  private static final Map<String, Folding> FOLDINGS = foldings();

  private final int opset;
  private final OnnxTensors tensors;
  private final ElementBudget budget;

  ConstantFolder(int opset, OnnxTensors tensors, ElementBudget budget) {
    this.opset = opset;
    this.tensors = tensors;
    this.budget = budget;
  }

  /** Computes the output of a node; those with several outputs are told apart in {@link #fold}. */
  interface Folding {
    OnnxArray fold(ConstantCall call);
  }

  private static Map<String, Folding> foldings() {
    Map<String, Folding> table = new TreeMap<>();
    ConstantArithmetic.addTo(table);
    ConstantShapes.addTo(table);
    ConstantReductions.addTo(table);
    return table;
  }

  boolean supports(OnnxNode node) {
    return node.domain().isEmpty()
        && (node.opType().equals("Constant")
            || node.opType().equals("Split")
            || FOLDINGS.containsKey(node.opType()));
  }

  /**
   * @param inputs null where an optional input is left out
   * @return one array per output
   */
  List<OnnxArray> fold(OnnxNode node, List<OnnxArray> inputs) {
    ConstantCall call = new ConstantCall(node, opset, inputs, budget);
    if (node.opType().equals("Constant")) {
      return List.of(constant(node));
    }
    if (node.opType().equals("Split")) {
      return split(call);
    }
    return List.of(FOLDINGS.get(node.opType()).fold(call));
  }

  private OnnxArray constant(OnnxNode node) {
    if (node.has("value")) {
      OnnxArray array = tensors.read(node.tensor("value"));
      budget.grow(array.size());
      return array;
    } else if (node.has("value_float")) {
      return OnnxArray.ofFloats(new float[] {node.number("value_float", 0)});
    } else if (node.has("value_int")) {
      return OnnxArray.ofIntegers(new long[] {node.integer("value_int", 0)});
    } else if (node.has("value_ints")) {
      long[] values = node.integers("value_ints");
      return OnnxArray.ofIntegers(values, values.length);
    } else if (node.has("value_floats")) {
      return floats(node.attribute("value_floats", AttributeProto.AttributeType.FLOATS));
    }
    throw new UnsupportedNode("a constant of strings or a sparse one");
  }

  private static OnnxArray floats(AttributeProto attribute) {
    float[] values = new float[attribute.getFloatsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = attribute.getFloats(i);
    }
    return OnnxArray.ofFloats(values, values.length);
  }

  private static List<OnnxArray> split(ConstantCall call) {
    OnnxArray input = call.input(0);
    int axis = Call.axis(call.node().integer("axis", 0), input.rank());
    List<OnnxArray> parts = new ArrayList<>();
    int start = 0;
    for (int length : SplitLengths.of(call, input.dims()[axis])) {
      int[] dims = input.dims().clone();
      dims[axis] = length;
      int[] starts = new int[dims.length];
      starts[axis] = start;
      int[] steps = new int[dims.length];
      Arrays.fill(steps, 1);
      parts.add(ConstantShapes.strided(call, input, dims, starts, steps));
      start += length;
    }
    return parts;
  }
}
