package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * Max-pooling. By cross-maximum: a window's change goes to the cell with the first maximum of
 * max(input, reference), which is the input's winner if the window rose and the reference's if it
 * fell; windows that overlap accumulate. It sums to delta. By gradient: the multiplier goes to the
 * input's first maximum, as the reference implementation does (MaxPoolDeepLiftMode.gradient); it
 * may not.
 *
 * @param profile which of the two
 */
record MaxPoolRule(RuleProfile profile) implements Rule {
  @Override
  public String name() {
    return profile == RuleProfile.DEEPLIFT ? "max-gradient" : "cross-max";
  }

  @Override
  public List<Value> backward(Node node, ForwardValues at, Value m, ProgramBuilder code) {
    Node source = at.source(node, 0);
    Value x = at.input(source.id());
    Value r = at.reference(source.id());
    if (node.op() instanceof Op.Reduce reduce) {
      Shape flattened = Forward.flattened(reduce, source.shape());
      PoolGeometry window = Forward.window(reduce, source.shape());
      Value pooled = code.reshape(m, Shape.of(flattened.dim(0), 1));
      Value result =
          unpool(code.reshape(x, flattened), code.reshape(r, flattened), pooled, window, code);
      return List.of(code.reshape(result, source.shape()));
    }
    return List.of(unpool(x, r, m, ((Op.MaxPool) node.op()).geometry(), code));
  }

  private Value unpool(Value x, Value r, Value m, PoolGeometry geometry, ProgramBuilder code) {
    return profile == RuleProfile.DEEPLIFT
        ? code.maxUnpool(x, m, geometry)
        : crossMaximum(x, r, m, geometry, code);
  }

  static Value crossMaximum(Value x, Value r, Value m, PoolGeometry geometry, ProgramBuilder code) {
    if (x == r) {
      return code.maxUnpool(x, m, geometry);
    }
    Value winner = code.maximum(x, r);
    Value change = code.subtract(code.maxPool(x, geometry), code.maxPool(r, geometry));
    Value delta = code.maxSelect(winner, code.subtract(x, r), geometry);
    // where the winner's delta is 0 the window does not change: its slope is that of the gradient,
    // 1
    Value still = code.binary(BinaryOp.EQUAL, delta, code.scalar(0));
    Value slope = code.divide(code.add(change, still), code.add(delta, still));
    return code.maxUnpool(winner, code.multiply(m, slope), geometry);
  }
}
