package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Layers with weights under the alpha-beta rule of layer-wise relevance propagation: {@code alpha}
 * times what a unit is worth goes to the inputs that raise it, in proportion, and {@code beta =
 * alpha - 1} times that is taken from those that lower it. Biases take their shares too. What a
 * unit is worth is kept only if there are inputs of both kinds, or alpha is 1 and one raises it.
 * Source: Bach et al. 2015, equation 60.
 *
 * @param alpha at least 1
 */
record AlphaBetaRule(double alpha) implements Rule {
  @Override
  public String name() {
    return "alpha-beta-lrp";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    return List.of(multipliers.map(m -> new Layer(node, at, code).backward(m)));
  }

  /** The rule at one layer. */
  private final class Layer {
    private final Op op;
    private final Node source;
    private final ProgramBuilder code;
    private final Tensor up;
    private final Tensor down;
    private final Value x;
    private final Value z;

    Layer(Node node, ForwardValues at, ProgramBuilder code) {
      this.op = node.op();
      this.source = at.source(node, 0);
      this.code = code;
      this.up = WeightedLayer.mapped(WeightedLayer.weight(op), w -> Math.max(w, 0f));
      this.down = WeightedLayer.mapped(WeightedLayer.weight(op), w -> Math.min(w, 0f));
      this.x = at.input(source.id());
      this.z = at.input(node.id());
    }

    Value backward(Value m) {
      Tensor bias = WeightedLayer.bias(op);
      Tensor raising = bias == null ? null : WeightedLayer.mapped(bias, b -> Math.max(b, 0f));
      Value worth = code.multiply(m, code.scalar(alpha));
      Value raises = code.multiply(worth, ratio(sum(up, down, raising)));
      Value ofPositive = adjoint(up, raises);
      Value ofNegative = adjoint(down, raises);
      if (alpha > 1) {
        Tensor lowering = bias == null ? null : WeightedLayer.mapped(bias, b -> Math.min(b, 0f));
        Value debt = code.multiply(m, code.scalar(alpha - 1));
        Value lowers = code.multiply(debt, ratio(sum(down, up, lowering)));
        ofPositive = code.subtract(ofPositive, adjoint(down, lowers));
        ofNegative = code.subtract(ofNegative, adjoint(up, lowers));
      }
      return code.select(code.binary(BinaryOp.LESS, x, code.scalar(0)), ofNegative, ofPositive);
    }

    private Value ratio(Value shared) {
      return Relevance.ratioOrNothing(z, shared, code);
    }

    /** Positive inputs by some weights, negative ones by others. */
    private Value sum(Tensor ofPositive, Tensor ofNegative, Tensor bias) {
      Value positive = code.unary(UnaryOp.RELU, x);
      Value negative = code.minimum(x, code.scalar(0));
      return code.add(
          WeightedLayer.product(op, ofPositive, bias, positive, code),
          WeightedLayer.product(op, ofNegative, null, negative, code));
    }

    private Value adjoint(Tensor weight, Value m) {
      return WeightedLayer.adjoint(op, weight, source.shape(), m, code);
    }
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    throw new IllegalStateException("Rule '" + name() + "' has no positive and negative parts");
  }
}
