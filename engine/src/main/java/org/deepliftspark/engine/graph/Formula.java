package org.deepliftspark.engine.graph;

import java.io.Serializable;
import java.util.List;
import org.deepliftspark.engine.graph.Op.Arithmetic;

/**
 * A function of one variable, element by element, written as steps: what a model computes in pieces
 * and no table knows. Numbers are scalars.
 *
 * @param steps each reads steps before it; the last one is the result
 */
public record Formula(List<Step> steps) implements Serializable {

  public Formula {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a formula needs a step");
    }
  }

  /** One step; the numbers it names are positions of earlier steps. */
  public sealed interface Step extends Serializable {}

  /** The variable. */
  public record Argument() implements Step {}

  public record Constant(double value) implements Step {}

  /** A known function of an earlier step. */
  public record Apply(ActivationFunction function, int of) implements Step {}

  public record Combine(Arithmetic arithmetic, int first, int second) implements Step {}

  /** 1 where the comparison holds, otherwise 0. */
  public record Compare(Comparison comparison, int first, int second) implements Step {}

  /** {@code condition != 0 ? yes : no}. */
  public record Choose(int condition, int yes, int no) implements Step {}

  /** How two numbers are compared. */
  public enum Comparison {
    LESS,
    EQUAL
  }
}
