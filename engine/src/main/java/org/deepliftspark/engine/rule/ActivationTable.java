package org.deepliftspark.engine.rule;

import static org.deepliftspark.engine.rule.ActivationValues.above;
import static org.deepliftspark.engine.rule.ActivationValues.below;

import java.util.EnumMap;
import java.util.Map;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * All activations: value, derivative, secant slope, and where the definition comes from. At a kink
 * the derivative is what the slope is where both points are there.
 */
final class ActivationTable {
  private static final Map<Kind, Row> ROWS = new EnumMap<>(Kind.class);

  private ActivationTable() {}

  /** The function itself. */
  interface Values {
    Value at(ActivationFunction f, Value x, ProgramBuilder code);
  }

  /** Its derivative at a point. */
  interface Derivatives {
    Value at(ActivationFunction f, Point at, ProgramBuilder code);
  }

  /** Its secant slope between two points. */
  interface Slopes {
    Value between(SecantSlopes s, ActivationFunction f, Point u, Point v, ProgramBuilder code);
  }

  /** One activation. */
  record Row(Values value, Derivatives derivative, Slopes slope, String source) {}

  static Row of(Kind kind) {
    return ROWS.get(kind);
  }

  static Value value(ActivationFunction function, Value x, ProgramBuilder code) {
    return ROWS.get(function.kind()).value().at(function, x, code);
  }

  private static void row(
      Kind kind, Values value, Derivatives derivative, Slopes slope, String source) {
    ROWS.put(kind, new Row(value, derivative, slope, source));
  }

  static {
    row(
        Kind.RELU,
        (f, x, c) -> c.unary(UnaryOp.RELU, x),
        (f, p, c) -> above(p.x(), 0, c),
        (s, f, u, v, c) -> SecantSlopes.relu(c.maximum(u.y(), v.y()), u.x(), v.x(), c),
        "Nair and Hinton, ICML 2010");
    row(
        Kind.LEAKY_RELU,
        (f, x, c) -> ActivationValues.leaky(x, c.scalar(f.alpha()), c),
        (f, p, c) -> ActivationDerivatives.leaky(p.x(), c.scalar(f.alpha()), c),
        (s, f, u, v, c) -> SecantSlopes.leaky(u.x(), v.x(), c.scalar(f.alpha()), c),
        "Maas et al., ICML 2013");
    row(
        Kind.PRELU,
        (f, x, c) -> ActivationValues.leaky(x, c.constant(f.slopes()), c),
        (f, p, c) -> ActivationDerivatives.leaky(p.x(), c.constant(f.slopes()), c),
        (s, f, u, v, c) -> SecantSlopes.leaky(u.x(), v.x(), c.constant(f.slopes()), c),
        "He et al., ICCV 2015");
    row(
        Kind.SIGMOID,
        (f, x, c) -> c.unary(UnaryOp.SIGMOID, x),
        (f, p, c) -> ActivationDerivatives.sigmoid(p.y(), c),
        (s, f, u, v, c) -> s.sigmoid(u, v, c),
        "logistic function");
    row(
        Kind.TANH,
        (f, x, c) -> c.unary(UnaryOp.TANH, x),
        (f, p, c) -> ActivationDerivatives.tanh(p.y(), c),
        (s, f, u, v, c) -> s.tanh(u, v, c),
        "hyperbolic tangent");
    row(
        Kind.ELU,
        (f, x, c) -> ActivationValues.elu(x, 1, f.alpha(), 1, c),
        (f, p, c) -> ActivationDerivatives.elu(p.x(), 1, f.alpha(), 1, c),
        (s, f, u, v, c) -> s.elu(u.x(), v.x(), 1, f.alpha(), 1, c),
        "Clevert et al., ICLR 2016");
    row(
        Kind.SELU,
        (f, x, c) -> ActivationValues.selu(x, c),
        (f, p, c) ->
            ActivationDerivatives.elu(
                p.x(), ActivationValues.SELU_SCALE, ActivationValues.SELU_ALPHA, 1, c),
        (s, f, u, v, c) ->
            s.elu(u.x(), v.x(), ActivationValues.SELU_SCALE, ActivationValues.SELU_ALPHA, 1, c),
        "Klambauer et al., NeurIPS 2017");
    row(
        Kind.CELU,
        (f, x, c) -> ActivationValues.elu(x, 1, f.alpha(), 1 / (double) f.alpha(), c),
        (f, p, c) -> ActivationDerivatives.elu(p.x(), 1, f.alpha(), 1 / (double) f.alpha(), c),
        (s, f, u, v, c) -> s.elu(u.x(), v.x(), 1, f.alpha(), 1 / (double) f.alpha(), c),
        "Barron 2017");
    row(
        Kind.SOFTPLUS,
        (f, x, c) -> c.unary(UnaryOp.SOFTPLUS, x),
        (f, p, c) -> c.unary(UnaryOp.SIGMOID, p.x()),
        (s, f, u, v, c) -> s.softplus(u, v, c),
        "Dugas et al., NeurIPS 2000");
    row(
        Kind.SOFTSIGN,
        (f, x, c) -> c.divide(x, ActivationValues.onePlusSize(x, c)),
        (f, p, c) -> ActivationDerivatives.softsign(p.x(), c),
        (s, f, u, v, c) -> SecantSlopes.softsign(u.x(), v.x(), c),
        "Bergstra et al. 2009");
    row(
        Kind.GELU,
        (f, x, c) -> c.multiply(x, ActivationValues.normalDistribution(x, c)),
        (f, p, c) -> ActivationDerivatives.gelu(p.x(), c),
        (s, f, u, v, c) -> s.gelu(u.x(), v.x(), c),
        "Hendrycks and Gimpel 2016");
    row(
        Kind.GELU_TANH,
        (f, x, c) -> c.multiply(x, ActivationValues.normalByTanh(x, c)),
        (f, p, c) -> ActivationDerivatives.geluTanh(p.x(), c),
        (s, f, u, v, c) -> s.geluTanh(u.x(), v.x(), c),
        "Hendrycks and Gimpel 2016, with tanh");
    row(
        Kind.SILU,
        (f, x, c) -> c.multiply(x, c.unary(UnaryOp.SIGMOID, x)),
        (f, p, c) -> ActivationDerivatives.silu(p.x(), c),
        (s, f, u, v, c) -> s.silu(u.x(), v.x(), c),
        "Elfwing et al. 2017");
    row(
        Kind.MISH,
        (f, x, c) -> c.multiply(x, ActivationValues.mishGate(x, c)),
        (f, p, c) -> ActivationDerivatives.mish(p.x(), c),
        (s, f, u, v, c) -> s.mish(u.x(), v.x(), c),
        "Misra, BMVC 2020");
    row(
        Kind.LOG_SIGMOID,
        (f, x, c) -> ActivationValues.logSigmoid(x, c),
        (f, p, c) -> c.unary(UnaryOp.SIGMOID, c.unary(UnaryOp.NEGATE, p.x())),
        (s, f, u, v, c) -> s.logSigmoid(u, v, c),
        "Keras 3, log_sigmoid");
    row(
        Kind.CLIP,
        (f, x, c) -> ActivationValues.clip(x, f.alpha(), f.beta(), c),
        (f, p, c) -> ActivationDerivatives.clip(p.x(), f.alpha(), f.beta(), c),
        (s, f, u, v, c) -> SecantSlopes.clip(u.x(), v.x(), f.alpha(), f.beta(), c),
        "ONNX Clip; ReLU6: Krizhevsky 2010");
    row(
        Kind.HARD_SIGMOID,
        (f, x, c) -> ActivationValues.hardSigmoid(x, f.alpha(), f.beta(), c),
        (f, p, c) -> ActivationDerivatives.hardSigmoid(p.x(), f.alpha(), f.beta(), c),
        (s, f, u, v, c) -> SecantSlopes.hardSigmoid(u.x(), v.x(), f.alpha(), f.beta(), c),
        "Courbariaux et al., NeurIPS 2015; ONNX HardSigmoid");
    row(
        Kind.HARD_SWISH,
        (f, x, c) -> ActivationValues.hardSwish(x, c),
        (f, p, c) -> ActivationDerivatives.hardSwish(p.x(), c),
        (s, f, u, v, c) -> s.hardSwish(u.x(), v.x(), c),
        "Howard et al., ICCV 2019");
    row(
        Kind.THRESHOLDED_RELU,
        (f, x, c) -> ActivationValues.thresholded(x, f.alpha(), f.beta(), c),
        (f, p, c) -> above(p.x(), f.alpha(), c),
        (s, f, u, v, c) -> SecantSlopes.exact(u, v, above(u.x(), f.alpha(), c), c),
        "Konda et al. 2014; Keras 3, threshold");
    row(
        Kind.SOFT_SHRINK,
        (f, x, c) -> c.subtract(x, ActivationValues.clip(x, -f.alpha(), f.alpha(), c)),
        (f, p, c) -> c.add(above(p.x(), f.alpha(), c), below(p.x(), -f.alpha(), c)),
        (s, f, u, v, c) -> SecantSlopes.softShrink(u.x(), v.x(), f.alpha(), c),
        "Keras 3, soft_shrink; ONNX Shrink");
    row(
        Kind.HARD_SHRINK,
        (f, x, c) -> ActivationValues.hardShrink(x, f.alpha(), c),
        (f, p, c) -> ActivationDerivatives.hardShrink(p.x(), f.alpha(), c),
        (s, f, u, v, c) ->
            SecantSlopes.exact(u, v, ActivationDerivatives.hardShrink(u.x(), f.alpha(), c), c),
        "Keras 3, hard_shrink; ONNX Shrink");
    row(
        Kind.TANH_SHRINK,
        (f, x, c) -> c.subtract(x, c.unary(UnaryOp.TANH, x)),
        (f, p, c) -> ActivationDerivatives.tanhShrink(p.x(), c),
        (s, f, u, v, c) -> s.tanhShrink(u.x(), v.x(), c),
        "Keras 3, tanh_shrink");
    row(
        Kind.SQUAREPLUS,
        (f, x, c) -> ActivationValues.squareplus(x, f.alpha(), c),
        (f, p, c) -> ActivationDerivatives.squareplus(p.x(), f.alpha(), c),
        (s, f, u, v, c) -> SecantSlopes.squareplus(u.x(), v.x(), f.alpha(), c),
        "Barron 2021; Keras 3, squareplus");
    row(
        Kind.SPARSE_PLUS,
        (f, x, c) -> ActivationValues.sparsePlus(x, c),
        (f, p, c) -> ActivationDerivatives.sparsePlus(p.x(), c),
        (s, f, u, v, c) -> SecantSlopes.sparsePlus(u.x(), v.x(), c),
        "Keras 3, sparse_plus");
    row(
        Kind.COMPOSITE,
        (f, x, c) -> FormulaRules.value(f.formula(), x, c),
        (f, p, c) ->
            new FormulaRules(new SecantSlopes(Precision.F64), c).slope(f.formula(), p.x(), p.x()),
        (s, f, u, v, c) -> new FormulaRules(s, c).slope(f.formula(), u.x(), v.x()),
        "the pieces of a model file");
    row(
        Kind.EXPONENTIAL,
        (f, x, c) -> c.unary(UnaryOp.EXP, x),
        (f, p, c) -> p.y(),
        (s, f, u, v, c) -> s.exponential(u, v, c),
        "arithmetic");
    row(
        Kind.ERF,
        (f, x, c) -> c.unary(UnaryOp.ERF, x),
        (f, p, c) -> ActivationDerivatives.erf(p.x(), c),
        (s, f, u, v, c) -> s.erf(u, v, c),
        "arithmetic");
    row(
        Kind.ABS,
        (f, x, c) -> c.unary(UnaryOp.ABS, x),
        (f, p, c) -> c.unary(UnaryOp.SIGN, p.x()),
        (s, f, u, v, c) -> SecantSlopes.abs(u, v, c),
        "arithmetic");
    row(
        Kind.SQUARE,
        (f, x, c) -> c.multiply(x, x),
        (f, p, c) -> c.add(p.x(), p.x()),
        (s, f, u, v, c) -> c.add(u.x(), v.x()),
        "arithmetic");
    row(
        Kind.CUBE,
        (f, x, c) -> c.multiply(c.multiply(x, x), x),
        (f, p, c) -> c.multiply(c.multiply(p.x(), p.x()), c.scalar(3)),
        (s, f, u, v, c) -> SecantSlopes.squares(u.x(), v.x(), c),
        "arithmetic");
    row(
        Kind.SQRT,
        (f, x, c) -> c.unary(UnaryOp.SQRT, x),
        (f, p, c) -> SecantSlopes.root(p, p, c),
        (s, f, u, v, c) -> SecantSlopes.root(u, v, c),
        "arithmetic");
    row(
        Kind.LOG,
        (f, x, c) -> c.unary(UnaryOp.LOG, x),
        (f, p, c) -> c.divide(c.scalar(1), p.x()),
        (s, f, u, v, c) -> s.log(u.x(), v.x(), c),
        "arithmetic");
    row(
        Kind.RECIPROCAL,
        (f, x, c) -> c.divide(c.scalar(1), x),
        (f, p, c) -> SecantSlopes.reciprocal(p, p, c),
        (s, f, u, v, c) -> SecantSlopes.reciprocal(u, v, c),
        "arithmetic");
  }
}
