package org.deepliftspark.engine.method;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/**
 * The positions of an input: its features where it has one axis, otherwise the places of all axes
 * but the last, each with its letters or channels.
 */
final class Positions {
  private Positions() {}

  static int count(Shape shape) {
    return shape.size() / letters(shape);
  }

  static int letters(Shape shape) {
    return shape.rank() < 2 ? 1 : shape.dim(-1);
  }

  static long count(List<Node> inputs) {
    return inputs.stream().mapToLong(input -> count(input.shape())).sum();
  }

  /**
   * Shares what a position contributes among the cells in which row and reference differ, or among
   * all where they do not.
   */
  static void contribute(
      RowPoint row,
      int reference,
      int target,
      int input,
      int position,
      double amount,
      RowScores scores) {
    int letters = letters(row.shapes()[input]);
    float[] x = row.inputs()[input];
    float[] r = row.references()[input][reference];
    int from = position * letters;
    int differ = 0;
    for (int cell = from; cell < from + letters; cell++) {
      differ += x[cell] != r[cell] ? 1 : 0;
    }
    for (int cell = from; cell < from + letters; cell++) {
      if (differ == 0) {
        scores.contribute(reference, target, input, cell, amount / letters);
      } else if (x[cell] != r[cell]) {
        scores.contribute(reference, target, input, cell, amount / differ);
      }
    }
  }
}
