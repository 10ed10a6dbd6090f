package org.deepliftspark.engine.method;

import org.deepliftspark.engine.graph.Shape;

/**
 * A row that is explained.
 *
 * @param shapes of the inputs
 * @param inputs per input of the model, its numbers
 * @param references per input and reference, its numbers; null for an input that is held
 * @param prediction of each target at the row
 * @param referencePredictions {@code [references][targets]}
 * @param seed of what is drawn for the row
 */
record RowPoint(
    Shape[] shapes,
    float[][] inputs,
    float[][][] references,
    double[] prediction,
    double[][] referencePredictions,
    long seed) {

  /** References of the row. */
  int count() {
    return referencePredictions.length;
  }

  int targets() {
    return prediction.length;
  }

  boolean isHeld(int input) {
    return references[input] == null;
  }

  /** Numbers of an input at one position of its first axis. */
  int stride(int input) {
    return shapes[input].size() / shapes[input].dim(0);
  }

  /** Copies the row to where a point is written. */
  void copyInto(float[][] into, int at) {
    for (int input = 0; input < inputs.length; input++) {
      System.arraycopy(
          inputs[input], 0, into[input], at * inputs[input].length, inputs[input].length);
    }
  }

  /** Copies a reference to where a point is written; inputs that are held stay. */
  void copyReferenceInto(int reference, float[][] into, int at) {
    for (int input = 0; input < inputs.length; input++) {
      float[] numbers = isHeld(input) ? inputs[input] : references[input][reference];
      System.arraycopy(numbers, 0, into[input], at * numbers.length, numbers.length);
    }
  }
}
