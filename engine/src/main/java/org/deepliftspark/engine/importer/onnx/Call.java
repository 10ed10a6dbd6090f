package org.deepliftspark.engine.importer.onnx;

/** A node together with what is known about its inputs; what folding and mapping have in common. */
interface Call {
  OnnxNode node();

  int opset();

  boolean has(int input);

  /**
   * @param what names the input in messages
   * @throws UnsupportedNode if the input is not known before the model runs
   */
  OnnxArray constant(int input, String what);

  /** Integers that older opsets keep in an attribute and newer ones in an input; null if absent. */
  default long[] integers(String attribute, int input) {
    if (node().has(attribute)) {
      return node().integers(attribute);
    }
    return has(input) ? constant(input, attribute).plainIntegers(attribute) : null;
  }

  /** Turns an axis that may count from the end into one that does not. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("axis " + axis + " does not fit " + rank + " axes");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }
}
