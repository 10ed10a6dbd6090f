package org.deepliftspark.engine.backend.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;

/**
 * Lowers pools and their adjoints. Windows that lie side by side become planes of cells, whose
 * maxima are element-wise operations and are fused with others; other windows are visited one by
 * one.
 */
final class Pooling {
  private final Lowering lowering;
  private final Map<List<Object>, Cell> winners = new HashMap<>();

  Pooling(Lowering lowering) {
    this.lowering = lowering;
  }

  /** Null if the instruction is none. */
  Cell lower(Instruction instruction) {
    Value out = instruction.out();
    if (instruction instanceof Instruction.MaxPool i) {
      return maximum(i);
    } else if (instruction instanceof Instruction.MaxSelect i) {
      return select(i);
    } else if (instruction instanceof Instruction.MaxUnpool i) {
      return unpool(i);
    } else if (instruction instanceof Instruction.AveragePool i) {
      Windows windows = Windows.of(i.x().shape(), out.shape(), i.geometry());
      return average(lowering, i.x(), out, false, windows, i.countPadding());
    } else if (instruction instanceof Instruction.AverageUnpool i) {
      Windows windows = Windows.of(out.shape(), i.m().shape(), i.geometry());
      return average(lowering, i.m(), out, true, windows, i.countPadding());
    }
    return null;
  }

  private Cell maximum(Instruction.MaxPool pool) {
    Tiling tiling = Tiling.of(pool.x().shape(), pool.geometry());
    if (tiling != null) {
      return overPlanes(PoolCode.MAXIMUM, List.of(tiled(pool.x(), tiling)), pool.out(), tiling);
    }
    Windows windows = Windows.of(pool.x().shape(), pool.out().shape(), pool.geometry());
    return byCells(MaxKernel.Use.SELECT, pool.x(), pool.x(), pool.out(), windows);
  }

  private Cell select(Instruction.MaxSelect select) {
    Shape shape = select.selector().shape();
    Tiling tiling = Tiling.of(shape, select.geometry());
    if (tiling != null) {
      Cell source = tiled(select.source(), tiling);
      List<Cell> operands = List.of(winners(select.selector(), tiling), source);
      return overPlanes(PoolCode.PICK, operands, select.out(), tiling);
    }
    Windows windows = Windows.of(shape, select.out().shape(), select.geometry());
    return byCells(MaxKernel.Use.SELECT, select.selector(), select.source(), select.out(), windows);
  }

  private Cell unpool(Instruction.MaxUnpool unpool) {
    Shape shape = unpool.out().shape();
    Tiling tiling = Tiling.of(shape, unpool.geometry());
    if (tiling != null) {
      Cell amount = channelsLast(lowering, unpool.amount());
      List<Cell> operands = List.of(winners(unpool.selector(), tiling), amount);
      return overPlanes(PoolCode.SPREAD, operands, unpool.out(), tiling);
    }
    Windows windows = Windows.of(shape, unpool.amount().shape(), unpool.geometry());
    return byCells(MaxKernel.Use.UNPOOL, unpool.selector(), unpool.amount(), unpool.out(), windows);
  }

  /**
   * What goes back through a pool, multiplied by a factor per cell: the factor is multiplied by the
   * winners first, which are 0 or 1, so that no digit changes. That product varies less than the
   * amounts do.
   */
  Cell scaledUnpool(Instruction.MaxUnpool unpool, Instruction.Binary product) {
    boolean first = product.a().id() == unpool.out().id();
    Tiling tiling = Tiling.of(unpool.out().shape(), unpool.geometry());
    Cell winners = winners(unpool.selector(), tiling);
    Cell factor = tiled(first ? product.b() : product.a(), tiling);
    Cell scaled =
        new Cell(winners.size(), winners.extent().union(factor.extent()), winners.layout());
    List<TileOperand> operands = List.of(TileOperand.of(winners), TileOperand.of(factor));
    lowering.add(Step.of(TileOperation.of(BinaryOp.MULTIPLY, operands, scaled)));
    Cell amount = channelsLast(lowering, unpool.amount());
    return overPlanes(PoolCode.SPREAD, List.of(scaled, amount), product.out(), tiling);
  }

  private Cell tiled(Value value, Tiling tiling) {
    return lowering.as(value, Layout.tiled(value.shape(), tiling));
  }

  /** Where a selector's windows have their first maximum; found once. */
  private Cell winners(Value selector, Tiling tiling) {
    List<Object> key = List.of(selector.id(), tiling);
    Cell known = winners.get(key);
    if (known == null) {
      List<Cell> judged = List.of(tiled(selector, tiling));
      known = overPlanes(PoolCode.WINNERS, judged, selector, tiling);
      winners.put(key, known);
    }
    return known;
  }

  /**
   * @param like has the extent and the shape of the result
   */
  private Cell overPlanes(PoolCode code, List<Cell> operands, Value like, Tiling tiling) {
    boolean whole = code == PoolCode.WINNERS || code == PoolCode.SPREAD;
    Shape shape = like.shape();
    Layout layout = whole ? Layout.tiled(shape, tiling) : Layout.channelsLast(shape);
    Cell out = lowering.newCell(like, layout);
    return lowering.add(Step.of(TileOperation.pool(code, operands, out, tiling.taps())));
  }

  private Cell byCells(
      MaxKernel.Use use, Value selector, Value given, Value result, Windows windows) {
    Cell judged = channelsLast(lowering, selector);
    Cell source = channelsLast(lowering, given);
    Cell out = lowering.newCell(result, Layout.channelsLast(result.shape()));
    Kernel kernel = new MaxKernel(use, judged, source, out, result.shape().dim(0), windows);
    return lowering.add(Step.of(List.of(judged, source), out, kernel));
  }

  private static Cell average(
      Lowering lowering,
      Value value,
      Value result,
      boolean adjoint,
      Windows windows,
      boolean countPadding) {
    Cell x = channelsLast(lowering, value);
    Cell out = lowering.newCell(result, Layout.channelsLast(result.shape()));
    int channels = result.shape().dim(0);
    Kernel kernel = new AverageKernel(x, out, adjoint, channels, windows, countPadding);
    return lowering.add(Step.of(List.of(x), out, kernel));
  }

  static Cell channelsLast(Lowering lowering, Value value) {
    return lowering.as(value, Layout.channelsLast(value.shape()));
  }
}
