package org.deepliftspark.engine.method;

import org.deepliftspark.engine.graph.Shape;

/**
 * What is found out about a row: scores per input and target, and what they sum to for each
 * reference.
 */
final class RowScores {
  private final int targets;
  private final int references;
  final double[][] contributions;
  final double[][] multipliers;
  final double[][] hypothetical;

  /** {@code [targets][references]}. */
  final double[][] sums;

  RowScores(Shape[] shapes, int targets, int references) {
    this.targets = targets;
    this.references = references;
    this.contributions = new double[shapes.length][];
    this.multipliers = new double[shapes.length][];
    this.hypothetical = new double[shapes.length][];
    for (int input = 0; input < shapes.length; input++) {
      int size = targets * shapes[input].size();
      contributions[input] = new double[size];
      multipliers[input] = new double[size];
      hypothetical[input] = new double[size];
    }
    this.sums = new double[targets][references];
  }

  /** Adds to a cell's contribution what it has for one of the references. */
  void contribute(int reference, int target, int input, int cell, double amount) {
    int size = contributions[input].length / targets;
    contributions[input][target * size + cell] += amount / references;
    sums[target][reference] += amount;
  }

  /** Adds to a cell's contribution what it has whatever the reference. */
  void contributeToAll(int target, int input, int cell, double amount) {
    for (int reference = 0; reference < references; reference++) {
      contribute(reference, target, input, cell, amount);
    }
  }

  /**
   * Contributions and hypothetical contributions of the multipliers that one reference has, as the
   * methods of one backward pass have them.
   *
   * @param m multipliers, {@code [targets, shape...]}, to be averaged over references
   */
  void addMultipliers(RowPoint row, int reference, int input, double[] m) {
    float[] x = row.inputs()[input];
    float[] r = row.references()[input][reference];
    int letters = row.shapes()[input].dim(-1);
    for (int target = 0; target < targets; target++) {
      int from = target * x.length;
      for (int position = 0; position < x.length; position += letters) {
        double ofReference = 0;
        for (int cell = position; cell < position + letters; cell++) {
          contribute(reference, target, input, cell, m[from + cell] * ((double) x[cell] - r[cell]));
          multipliers[input][from + cell] += m[from + cell] / references;
          ofReference += m[from + cell] * r[cell];
        }
        for (int cell = position; cell < position + letters; cell++) {
          hypothetical[input][from + cell] += (m[from + cell] - ofReference) / references;
        }
      }
    }
  }
}
