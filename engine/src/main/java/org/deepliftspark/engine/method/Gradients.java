package org.deepliftspark.engine.method;

/** Gradients of all inputs that are explained, {@code [inputs][targets, shape...]}. */
final class Gradients {
  private Gradients() {}

  static void add(RowPoint row, int targets, Answer answer, double share, double[][] sums) {
    for (int input = 0; input < sums.length; input++) {
      int size = row.inputs()[input].length;
      for (int i = 0; i < sums[input].length && !row.isHeld(input); i++) {
        sums[input][i] += share * answer.gradient(input, i / size, i % size);
      }
    }
  }

  static void score(RowPoint row, int reference, double[][] gradients, RowScores scores) {
    for (int input = 0; input < gradients.length; input++) {
      if (!row.isHeld(input)) {
        scores.addMultipliers(row, reference, input, gradients[input]);
      }
    }
  }
}
