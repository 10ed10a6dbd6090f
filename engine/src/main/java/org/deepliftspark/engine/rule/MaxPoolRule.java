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
  public List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code) {
    Windows windows = windows(node, at, code);
    Node source = at.source(node, 0);
    return List.of(
        multipliers.map(
            m ->
                code.reshape(
                    windows.unpool(code.reshape(m, windows.pooled()), code), source.shape())));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    Windows windows = windows(node, at, code);
    Parts in = at.parts(node.inputs().get(0), code);
    return in.map(
        part ->
            code.reshape(windows.select(code.reshape(part, windows.shape()), code), node.shape()));
  }

  private Windows windows(Node node, ForwardValues at, ProgramBuilder code) {
    Node source = at.source(node, 0);
    Value x = at.input(source.id());
    Value r = profile == RuleProfile.DEEPLIFT ? x : at.reference(source.id());
    if (node.op() instanceof Op.Reduce reduce) {
      Shape flattened = Forward.flattened(reduce, source.shape());
      return Windows.of(
          code.reshape(x, flattened),
          code.reshape(r, flattened),
          Forward.window(reduce, source.shape()),
          code);
    }
    return Windows.of(x, r, ((Op.MaxPool) node.op()).geometry(), code);
  }

  /**
   * What a maximum over windows does to differences.
   *
   * @param winner whose first maximum is credited
   * @param slope change of the window's maximum per change of the credited cell; null where it is 1
   */
  record Windows(Value winner, Value slope, PoolGeometry geometry) {

    static Windows of(Value x, Value r, PoolGeometry geometry, ProgramBuilder code) {
      if (x == r) {
        return new Windows(x, null, geometry);
      }
      Value winner = code.maximum(x, r);
      Value change = code.subtract(code.maxPool(x, geometry), code.maxPool(r, geometry));
      Value delta = code.maxSelect(winner, code.subtract(x, r), geometry);
      // where the winner's delta is 0 the window does not change: its slope is that of the
      // gradient, 1
      Value still = code.binary(BinaryOp.EQUAL, delta, code.scalar(0));
      Value slope = code.divide(code.add(change, still), code.add(delta, still));
      return new Windows(winner, slope, geometry);
    }

    Shape shape() {
      return winner.shape();
    }

    Shape pooled() {
      int[] dims = winner.shape().dims();
      for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
        dims[axis + 1] = geometry.outputLength(axis, dims[axis + 1]);
      }
      return Shape.of(dims);
    }

    /** From the windows back to their cells. */
    Value unpool(Value m, ProgramBuilder code) {
      return code.maxUnpool(winner, slope == null ? m : code.multiply(m, slope), geometry);
    }

    /** From the cells to their windows. */
    Value select(Value cells, ProgramBuilder code) {
      Value selected = code.maxSelect(winner, cells, geometry);
      return slope == null ? selected : code.multiply(selected, slope);
    }
  }
}
