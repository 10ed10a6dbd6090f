package org.deepliftspark.engine.importer.onnx;

import java.util.List;

/**
 * A node to be folded.
 *
 * @param inputs null where an optional input is left out
 */
record ConstantCall(OnnxNode node, int opset, List<OnnxArray> inputs, ElementBudget budget)
    implements Call {

  @Override
  public boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  OnnxArray input(int input) {
    if (!has(input)) {
      throw new IllegalArgumentException("input " + input + " is missing");
    }
    return inputs.get(input);
  }

  @Override
  public OnnxArray constant(int input, String what) {
    return input(input);
  }
}
