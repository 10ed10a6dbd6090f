package org.deepliftspark.job;

import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;

/** Models whose scores are averaged, such as the folds of a cross-validation. */
public final class AlikeModels {

  private AlikeModels() {}

  /**
   * @throws InvalidInputException if the models take other inputs
   */
  public static void require(Graph first, Graph other) {
    List<Shape> expected = first.inputs().stream().map(Node::shape).toList();
    List<Shape> found = other.inputs().stream().map(Node::shape).toList();
    if (!expected.equals(found)) {
      throw new InvalidInputException(
          "Invalid --model: scores are averaged over models with equal inputs, but "
              + first.name()
              + " takes "
              + expected
              + " and "
              + other.name()
              + " takes "
              + found);
    }
  }
}
