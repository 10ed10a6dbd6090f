package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.Formula;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Value and secant slope of a {@link Formula}. Slopes are put together from those of its steps: of
 * a composition their product, of sums, products and quotients as for derivatives with means in
 * place of values. So nothing cancels that does not cancel in a step, and where both points are one
 * it is the chain rule. Only a step that jumps or changes its branch between the points takes the
 * quotient of differences.
 */
final class FormulaRules {
  private final SecantSlopes secants;
  private final ProgramBuilder code;

  FormulaRules(SecantSlopes secants, ProgramBuilder code) {
    this.secants = secants;
    this.code = code;
  }

  static Value value(Formula formula, Value x, ProgramBuilder code) {
    List<Value> values = values(formula, x, code);
    return values.get(values.size() - 1);
  }

  /** The value of every step. */
  private static List<Value> values(Formula formula, Value x, ProgramBuilder code) {
    List<Value> values = new ArrayList<>();
    for (Formula.Step step : formula.steps()) {
      values.add(value(step, values, x, code));
    }
    return values;
  }

  private static Value value(Formula.Step step, List<Value> values, Value x, ProgramBuilder code) {
    if (step instanceof Formula.Constant constant) {
      return code.scalar(constant.value());
    } else if (step instanceof Formula.Apply apply) {
      return ActivationTable.value(apply.function(), values.get(apply.of()), code);
    } else if (step instanceof Formula.Combine combine) {
      Value first = values.get(combine.first());
      return Forward.arithmetic(combine.arithmetic(), first, values.get(combine.second()), code);
    } else if (step instanceof Formula.Compare compare) {
      return code.binary(
          compare.comparison() == Formula.Comparison.LESS ? BinaryOp.LESS : BinaryOp.EQUAL,
          values.get(compare.first()),
          values.get(compare.second()));
    } else if (step instanceof Formula.Choose choose) {
      return code.select(
          values.get(choose.condition()), values.get(choose.yes()), values.get(choose.no()));
    }
    return x;
  }

  /** The slope between two arguments; the derivative where they are one value. */
  Value slope(Formula formula, Value u, Value v) {
    List<Value> atU = values(formula, u, code);
    List<Value> atV = u == v ? atU : values(formula, v, code);
    List<Value> slopes = new ArrayList<>();
    for (int i = 0; i < formula.steps().size(); i++) {
      Ends ends = new Ends(u, v, atU, atV);
      slopes.add(slope(formula.steps().get(i), i, slopes, ends));
    }
    Value slope = slopes.get(slopes.size() - 1);
    return slope == null ? code.multiply(u, code.scalar(0)) : slope;
  }

  /** The slope of a step against the variable, or null where it does not depend on it. */
  private Value slope(Formula.Step step, int at, List<Value> slopes, Ends ends) {
    if (step instanceof Formula.Argument) {
      return code.scalar(1);
    } else if (step instanceof Formula.Apply apply) {
      Value inner = slopes.get(apply.of());
      Point from = new Point(ends.u(apply.of()), ends.u(at));
      Point to = new Point(ends.v(apply.of()), ends.v(at));
      return inner == null ? null : times(secants.slope(apply.function(), from, to, code), inner);
    } else if (step instanceof Formula.Combine combine) {
      return combined(combine, slopes, ends);
    } else if (step instanceof Formula.Compare) {
      return jump(at, ends);
    } else if (step instanceof Formula.Choose choose) {
      return chosen(choose, at, slopes, ends);
    }
    return null;
  }

  private Value combined(Formula.Combine combine, List<Value> slopes, Ends ends) {
    int a = combine.first();
    int b = combine.second();
    Value first = slopes.get(a);
    Value second = slopes.get(b);
    if (first == null && second == null) {
      return null;
    }
    return switch (combine.arithmetic()) {
      case ADD -> plus(first, second);
      case SUBTRACT -> plus(first, negated(second));
      case MULTIPLY -> plus(times(ends.mean(b, code), first), times(ends.mean(a, code), second));
      case DIVIDE -> {
        Value squared = code.multiply(ends.u(b), ends.v(b));
        Value left = first == null ? null : code.divide(times(ends.mean(b, code), first), squared);
        Value right =
            second == null ? null : code.divide(times(ends.mean(a, code), second), squared);
        yield plus(left, negated(right));
      }
      case MAXIMUM -> larger(first, second, difference(a, b, ends.atU), difference(a, b, ends.atV));
      case MINIMUM -> larger(first, second, difference(b, a, ends.atU), difference(b, a, ends.atV));
    };
  }

  /** That of the operand which is larger, in the share in which it is between the points. */
  private Value larger(Value first, Value second, Value du, Value dv) {
    Value share = SecantSlopes.maximum(du, dv, code);
    return plus(times(share, first), times(code.subtract(code.scalar(1), share), second));
  }

  private Value difference(int a, int b, List<Value> values) {
    return code.subtract(values.get(a), values.get(b));
  }

  private Value chosen(Formula.Choose choose, int at, List<Value> slopes, Ends ends) {
    Value within =
        code.select(
            ends.u(choose.condition()),
            orZero(slopes.get(choose.yes())),
            orZero(slopes.get(choose.no())));
    if (ends.isOne()) {
      return within;
    }
    Value same =
        code.binary(BinaryOp.EQUAL, ends.u(choose.condition()), ends.v(choose.condition()));
    return code.select(same, within, quotient(at, ends));
  }

  /** Of a step that is constant but for jumps. */
  private Value jump(int at, Ends ends) {
    return ends.isOne() ? null : quotient(at, ends);
  }

  private Value quotient(int at, Ends ends) {
    Value delta = code.subtract(ends.u, ends.v);
    Value still = code.binary(BinaryOp.EQUAL, delta, code.scalar(0));
    return code.divide(code.subtract(ends.u(at), ends.v(at)), code.add(delta, still));
  }

  private Value plus(Value a, Value b) {
    return a == null ? b : b == null ? a : code.add(a, b);
  }

  private Value times(Value factor, Value slope) {
    return slope == null ? null : code.multiply(factor, slope);
  }

  private Value negated(Value slope) {
    return slope == null ? null : code.unary(UnaryOp.NEGATE, slope);
  }

  private Value orZero(Value slope) {
    return slope == null ? code.scalar(0) : slope;
  }

  /** The two points and the values of all steps at them. */
  private record Ends(Value u, Value v, List<Value> atU, List<Value> atV) {
    Value u(int step) {
      return atU.get(step);
    }

    Value v(int step) {
      return atV.get(step);
    }

    boolean isOne() {
      return u == v;
    }

    Value mean(int step, ProgramBuilder code) {
      return code.mean(atU.get(step), atV.get(step));
    }
  }
}
