package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/**
 * What a maximum over whole axes does to differences: its change goes to the cells that have the
 * maximum of max(input, reference), in equal shares where several tie.
 *
 * @param slope change of the maximum per change of a cell, shaped as the cells
 * @param axes over which the maximum is taken; they keep length 1
 */
record SharedMaximum(Value slope, int[] axes) {

  static SharedMaximum of(Value x, Value r, int[] axes, ProgramBuilder code) {
    Value winner = x == r ? x : code.maximum(x, r);
    Value ties = code.binary(BinaryOp.EQUAL, winner, code.reduce(Reduction.MAX, winner, axes));
    Value count = code.reduce(Reduction.SUM, ties, axes);
    if (x == r) {
      return new SharedMaximum(code.divide(ties, count), axes);
    }
    Value change =
        code.subtract(code.reduce(Reduction.MAX, x, axes), code.reduce(Reduction.MAX, r, axes));
    Value delta = code.subtract(x, r);
    // a winner that did not change leaves the maximum as it was: its slope is that of the gradient
    Value still = code.binary(BinaryOp.EQUAL, delta, code.scalar(0));
    Value quotient = code.divide(code.add(change, still), code.add(delta, still));
    Value slope = code.select(ties, code.divide(quotient, count), code.scalar(0));
    return new SharedMaximum(slope, axes);
  }

  /** From the maxima back to the cells. */
  Value backward(Value m, ProgramBuilder code) {
    return code.multiply(m, slope);
  }

  /** From the cells to their maxima. */
  Value forward(Value cells, ProgramBuilder code) {
    return code.reduce(Reduction.SUM, code.multiply(cells, slope), axes);
  }
}
