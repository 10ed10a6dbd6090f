package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
    Cells cells = cells(node, at);
    Windows windows = windows(node, at, cells, code);
    return List.of(
        multipliers.map(
            m -> cells.back(windows.unpool(code.reshape(m, windows.pooled()), code), code)));
  }

  @Override
  public Parts parts(Node node, ForwardValues at, ProgramBuilder code) {
    Cells cells = cells(node, at);
    Windows windows = windows(node, at, cells, code);
    return at.parts(node.inputs().get(0), code)
        .map(part -> code.reshape(windows.select(cells.of(part, code), code), node.shape()));
  }

  private static Cells cells(Node node, ForwardValues at) {
    Shape in = at.source(node, 0).shape();
    return node.op() instanceof Op.Reduce reduce
        ? Cells.along(reduce.axes(), in)
        : new Cells(in, null, in, ((Op.MaxPool) node.op()).geometry());
  }

  private Windows windows(Node node, ForwardValues at, Cells cells, ProgramBuilder code) {
    int source = node.inputs().get(0);
    Value x = cells.of(at.input(source), code);
    Value r = profile == RuleProfile.DEEPLIFT ? x : cells.of(at.reference(source), code);
    return Windows.of(x, r, cells.geometry(), code);
  }

  /**
   * The values that windows lie over. A maximum over whole axes is a pool with one window over
   * those axes, moved to the end and merged.
   *
   * @param in shape of the node's input
   * @param order the axes that stay, then those that the maximum is taken over; null if all stay
   * @param merged {@code [kept, reduced]}, or the input's shape
   */
  private record Cells(Shape in, int[] order, Shape merged, PoolGeometry geometry) {

    static Cells along(int[] axes, Shape in) {
      IntPredicate reduced = axis -> Arrays.stream(axes).anyMatch(other -> other == axis);
      IntStream kept = IntStream.range(0, in.rank()).filter(reduced.negate());
      int[] order = IntStream.concat(kept, IntStream.range(0, in.rank()).filter(reduced)).toArray();
      int cells = Arrays.stream(axes).map(in::dim).reduce(1, (a, b) -> a * b);
      int[] window = {cells};
      return new Cells(
          in,
          order,
          Shape.of(in.size() / cells, cells),
          new PoolGeometry(window, window, new int[1], new int[1]));
    }

    Value of(Value value, ProgramBuilder code) {
      return order == null ? value : code.reshape(code.transpose(value, order), merged);
    }

    Value back(Value value, ProgramBuilder code) {
      return order == null
          ? value
          : code.transpose(code.reshape(value, in.permuted(order)), Adjoint.inverse(order));
    }
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
