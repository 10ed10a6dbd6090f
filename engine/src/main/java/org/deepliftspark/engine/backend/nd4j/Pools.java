package org.deepliftspark.engine.backend.nd4j;

import java.util.Arrays;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels of the pooling instructions: every channel is an image of its own, {@code [count *
 * channels, space..., 1]}.
 */
final class Pools {
  private Pools() {}

  static Kernel maxPool(Instruction.MaxPool pool) {
    Windows windows = windows(pool.geometry(), pool.x().shape(), pool.out().shape());
    return (operands, layout, scope) -> {
      INDArray padded =
          windows.padded(images(operands[0], pool.x()), Double.NEGATIVE_INFINITY, scope);
      INDArray best = scope.copy(windows.tap(padded, 0));
      for (int tap = 1; tap < windows.taps(); tap++) {
        INDArray next = scope.copy(windows.tap(padded, tap));
        Broadcast.run("maximum", best, best, next);
        scope.free(next);
      }
      if (NotNumbers.has(operands[0], scope)) {
        keepNotNumbers(windows, padded, best, scope);
      }
      return best;
    };
  }

  private static void keepNotNumbers(Windows windows, INDArray padded, INDArray best, Scope scope) {
    for (int tap = 0; tap < windows.taps(); tap++) {
      INDArray cells = scope.copy(windows.tap(padded, tap));
      NotNumbers.keep(best, best.shape(), cells, best.shape(), scope);
      scope.free(cells);
    }
  }

  static Kernel maxSelect(Instruction.MaxSelect select) {
    Windows windows = windows(select.geometry(), select.selector().shape(), select.out().shape());
    return (operands, layout, scope) -> {
      INDArray winners =
          winners(windows, operands[0], select.selector(), select.out(), layout, scope);
      INDArray source = images(operands[1], select.source());
      INDArray spread = repeated(source, select.source(), select.out(), layout, scope);
      INDArray padded = windows.padded(spread, 0, scope);
      INDArray chosen = scope.filled(0, winners.shape());
      for (int tap = 0; tap < windows.taps(); tap++) {
        INDArray candidate = scope.copy(windows.tap(padded, tap));
        INDArray won = wonBy(tap, winners, candidate, scope);
        Broadcast.run("add", chosen, chosen, won);
        scope.free(won);
        scope.free(candidate);
      }
      return chosen;
    };
  }

  static Kernel maxUnpool(Instruction.MaxUnpool unpool) {
    Windows windows =
        windows(unpool.geometry(), unpool.selector().shape(), unpool.amount().shape());
    return (operands, layout, scope) -> {
      INDArray winners =
          winners(windows, operands[0], unpool.selector(), unpool.out(), layout, scope);
      INDArray given = images(operands[1], unpool.amount());
      INDArray amount = repeated(given, unpool.amount(), unpool.out(), layout, scope);
      INDArray padded = windows.blank(0, amount.size(0), 1, scope);
      for (int tap = 0; tap < windows.taps(); tap++) {
        INDArray won = wonBy(tap, winners, amount, scope);
        windows.addToTap(padded, tap, won, scope);
        scope.free(won);
      }
      return scope.copy(windows.interior(padded));
    };
  }

  /**
   * Per window, the tap that holds the first maximum; computed over the selector's extent, repeated
   * to that of {@code out}.
   */
  private static INDArray winners(
      Windows windows, INDArray selector, Value value, Value out, Layout layout, Scope scope) {
    INDArray padded = windows.padded(images(selector, value), Double.NEGATIVE_INFINITY, scope);
    INDArray best = scope.copy(windows.tap(padded, 0));
    INDArray winners = scope.filled(0, best.shape());
    for (int tap = 1; tap < windows.taps(); tap++) {
      INDArray next = scope.copy(windows.tap(padded, tap));
      INDArray better =
          ElementWise.compare("less", best, best.shape(), next, best.shape(), best.shape(), scope);
      better.muli(tap); // taps grow, so the largest that was ever better is the last that was
      Broadcast.run("maximum", winners, winners, better);
      Broadcast.run("maximum", best, best, next);
      scope.free(better);
      scope.free(next);
    }
    return repeated(winners, value, out, layout, scope);
  }

  private static INDArray wonBy(int tap, INDArray winners, INDArray amount, Scope scope) {
    INDArray mask = ElementWise.compare("equals", winners, tap, scope);
    INDArray won = ElementWise.masked(amount, amount.shape(), mask, mask.shape(), scope);
    scope.free(mask);
    return won;
  }

  /**
   * Repeats {@code [count * channels, space..., 1]} from the extent of {@code value} to that of
   * {@code out}.
   */
  private static INDArray repeated(
      INDArray images, Value value, Value out, Layout layout, Scope scope) {
    if (value.extent().equals(out.extent())) {
      return images;
    }
    int axes = out.extent().axes().size();
    long[] dims = Arrays.copyOf(layout.dims(out), axes + 1);
    long[] from = Arrays.copyOf(layout.aligned(value, out), axes + 1);
    long element = images.length() / layout.count(value.extent());
    dims[axes] = element;
    from[axes] = element;
    long[] imageDims = images.shape().clone();
    imageDims[0] = imageDims[0] / layout.count(value.extent()) * layout.count(out.extent());
    return Broadcast.copy(scope, images, from, dims).reshape('c', imageDims);
  }

  static Kernel averagePool(Instruction.AveragePool pool, Scope weights) {
    Windows windows = windows(pool.geometry(), pool.x().shape(), pool.out().shape());
    INDArray counts = counts(windows, pool.countPadding(), weights);
    return (operands, layout, scope) -> {
      INDArray padded = windows.padded(images(operands[0], pool.x()), 0, scope);
      INDArray sum = scope.copy(windows.tap(padded, 0));
      for (int tap = 1; tap < windows.taps(); tap++) {
        INDArray next = scope.copy(windows.tap(padded, tap));
        Broadcast.run("add", sum, sum, next);
        scope.free(next);
      }
      Broadcast.run("divide", sum, sum, sum.shape(), counts, counts.shape(), sum.shape());
      return sum;
    };
  }

  static Kernel averageUnpool(Instruction.AverageUnpool unpool, Scope weights) {
    Windows windows = windows(unpool.geometry(), unpool.out().shape(), unpool.m().shape());
    INDArray counts = counts(windows, unpool.countPadding(), weights);
    return (operands, layout, scope) -> {
      INDArray m = images(operands[0], unpool.m());
      INDArray share = scope.create(m.shape());
      Broadcast.run("divide", share, m, m.shape(), counts, counts.shape(), m.shape());
      INDArray padded = windows.blank(0, m.size(0), 1, scope);
      for (int tap = 0; tap < windows.taps(); tap++) {
        windows.addToTap(padded, tap, share, scope);
      }
      return scope.copy(windows.interior(padded));
    };
  }

  /** Divisors of the windows, {@code [1, windows..., 1]}. */
  private static INDArray counts(Windows windows, boolean countPadding, Scope weights) {
    INDArray padded = windows.blank(countPadding ? 1 : 0, 1, 1, weights);
    windows.interior(padded).assign(1);
    INDArray counts = weights.filled(0, windows.tap(padded, 0).shape());
    for (int tap = 0; tap < windows.taps(); tap++) {
      INDArray ones = weights.copy(windows.tap(padded, tap));
      counts.addi(ones);
      weights.free(ones);
    }
    weights.free(padded);
    return counts;
  }

  private static Windows windows(PoolGeometry geometry, Shape in, Shape out) {
    return Windows.of(geometry, space(in), space(out));
  }

  private static int[] space(Shape shape) {
    return Arrays.copyOfRange(shape.dims(), 1, shape.rank());
  }

  /** {@code [count * channels, space..., 1]}. */
  private static INDArray images(INDArray x, Value value) {
    int rank = value.shape().rank();
    long[] dims = new long[rank + 1];
    dims[0] = x.length() / value.shape().size() * value.shape().dim(0);
    for (int axis = 1; axis < rank; axis++) {
      dims[axis] = value.shape().dim(axis);
    }
    dims[rank] = 1;
    return x.reshape('c', dims);
  }
}
