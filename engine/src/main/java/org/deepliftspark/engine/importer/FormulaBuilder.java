package org.deepliftspark.engine.importer;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Formula;
import org.deepliftspark.engine.graph.Formula.Comparison;
import org.deepliftspark.engine.graph.Formula.Step;
import org.deepliftspark.engine.graph.Op.Arithmetic;

/** Writes a {@link Formula}; methods return the position of the step that they add. */
public final class FormulaBuilder {
  private final List<Step> steps = new ArrayList<>();

  public int argument() {
    return add(new Formula.Argument());
  }

  public int constant(double value) {
    return add(new Formula.Constant(value));
  }

  public int apply(ActivationFunction function, int of) {
    return add(new Formula.Apply(function, of));
  }

  public int combine(Arithmetic arithmetic, int first, int second) {
    return add(new Formula.Combine(arithmetic, first, second));
  }

  public int compare(Comparison comparison, int first, int second) {
    return add(new Formula.Compare(comparison, first, second));
  }

  public int choose(int condition, int yes, int no) {
    return add(new Formula.Choose(condition, yes, no));
  }

  /** 1 minus a step. */
  public int not(int condition) {
    return combine(Arithmetic.SUBTRACT, constant(1), condition);
  }

  /** The activation whose value is that of the last step. */
  public ActivationFunction build() {
    return ActivationFunction.composite(new Formula(steps));
  }

  private int add(Step step) {
    steps.add(step);
    return steps.size() - 1;
  }
}
