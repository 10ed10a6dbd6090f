package org.deepliftspark.engine.rule;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Linear rule of layers with weights: dense, convolution and its transpose, batch normalisation.
 * Behind RevealCancel, inputs that rose pass the positive multiplier through positive weights and
 * the negative one through negative weights, inputs that fell the other way round, and inputs that
 * did not change the mean of both. Source: Shrikumar et al., ICML 2017, section 3.5.1.
 *
 * <p>With {@code s = (m+ + m-) / 2} and {@code e = (m+ - m-) / 2} the five products of that rule
 * are two: {@code s W' + sign(D) (e |W|')}. Likewise the parts of the output's delta are {@code (DW
 * +- |D||W|) / 2}, and DW is known from the forward passes.
 */
final class WeightedRule implements Rule {
  private final Map<Tensor, Tensor> absolute = new IdentityHashMap<>();

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers m, ProgramBuilder code) {
    Node source = at.source(node, 0);
    if (node.op() instanceof Op.ChannelAffine affine) {
      return List.of(Signed.backward(m, scale(affine, source.shape(), code), code));
    } else if (!m.isSplit()) {
      return List.of(Multipliers.of(adjoint(node.op(), source.shape(), m.positive(), false, code)));
    }
    Value half = code.scalar(0.5);
    Value excess = code.multiply(code.subtract(m.positive(), m.negative()), half);
    Value mean = adjoint(node.op(), source.shape(), m.mean(code), false, code);
    Value bySign = adjoint(node.op(), source.shape(), excess, true, code);
    Value sign = code.unary(UnaryOp.SIGN, at.delta(source.id(), code));
    return List.of(Multipliers.of(code.add(mean, code.multiply(sign, bySign))));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    int source = node.inputs().get(0);
    if (node.op() instanceof Op.ChannelAffine affine) {
      return Signed.forward(
          at.parts(source, code), scale(affine, at.source(node, 0).shape(), code), code);
    }
    Value size = code.unary(UnaryOp.ABS, at.delta(source, code));
    return Parts.ofSize(at.delta(node.id(), code), sizes(node.op(), size, code), code);
  }

  private Value adjoint(Op op, Shape in, Value m, boolean ofAbsolute, ProgramBuilder code) {
    Tensor weight = WeightedLayer.weight(op);
    return WeightedLayer.adjoint(op, ofAbsolute ? absolute(weight) : weight, in, m, code);
  }

  private Value sizes(Op op, Value size, ProgramBuilder code) {
    return WeightedLayer.product(op, absolute(WeightedLayer.weight(op)), null, size, code);
  }

  /** The same object for the same weights, so that backends store it once. */
  private Tensor absolute(Tensor weight) {
    return absolute.computeIfAbsent(weight, w -> WeightedLayer.mapped(w, Math::abs));
  }

  private static Value scale(Op.ChannelAffine affine, Shape shape, ProgramBuilder code) {
    return code.constant(Forward.alongAxis(affine.scale(), affine.axis(), shape));
  }
}
