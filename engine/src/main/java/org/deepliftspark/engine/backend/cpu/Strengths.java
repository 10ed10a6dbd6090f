package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.UnaryOp;

/**
 * Which programs run faster here than on ONNX Runtime: those whose work lies in convolutions that
 * become products of matrices without anything gathered, with weights that are multiplied in place,
 * and in simple functions between them. See docs/decisions/0014.
 */
final class Strengths {
  /** Share of the work that must lie in such convolutions. */
  private static final double SHARE = 0.5;

  /**
   * Of wider layers ONNX Runtime's products are faster, unless there are fewer here: measured at
   * 300 and at 512 channels.
   */
  private static final int MOST_CHANNELS = 320;

  /** Multiplications that take as long as one number of a function that is computed in double. */
  private static final double SLOW_FUNCTION = 1000;

  /** The same for a cell of a window that is visited by itself. */
  private static final double CELL = 150;

  private Strengths() {}

  static boolean has(Program program) {
    WinogradRoutes routes = new WinogradRoutes(program);
    double strong = 0;
    double all = 0;
    for (Instruction instruction : program.instructions()) {
      if (instruction instanceof Instruction.MatMul) {
        return false; // of two values, as in attention: nothing was measured
      }
      double work = work(instruction);
      all += work;
      strong += isStrong(instruction, routes) ? work : 0;
    }
    return strong > 0 && strong >= SHARE * all;
  }

  private static boolean isSlow(UnaryOp op) {
    return switch (op) {
      case NEGATE, ABS, SIGN, RELU, SQRT -> false;
      default -> true;
    };
  }

  private static boolean isStrong(Instruction instruction, WinogradRoutes routes) {
    boolean fewer = routes.allow(instruction.out());
    if (instruction instanceof Instruction.Conv conv) {
      Shape shape = conv.x().shape();
      return isStrong(conv.weight(), conv.geometry(), shape, conv.out().shape(), fewer, false);
    }
    return instruction instanceof Instruction.ConvTranspose conv
        && isStrong(
            conv.weight(), conv.geometry(), conv.out().shape(), conv.m().shape(), fewer, true);
  }

  private static boolean isStrong(
      Tensor weight, ConvGeometry geometry, Shape in, Shape out, boolean fewer, boolean adjoint) {
    int widest = Math.max(weight.shape().dim(0), weight.shape().dim(1));
    return geometry.spatialAxes() <= 2
        && Convolutions.gathersNothing(weight, geometry, in, out)
        && (widest <= MOST_CHANNELS
            || fewer && Convolutions.multipliesLess(weight, geometry, in, out, adjoint));
  }

  /** Multiplications with weights for one element of the extent, or what takes as long. */
  private static double work(Instruction instruction) {
    if (instruction instanceof Instruction.Dense dense) {
      return (double) dense.out().shape().size() * dense.x().shape().dim(-1);
    } else if (instruction instanceof Instruction.Conv conv) {
      return products(conv.weight(), conv.out().shape());
    } else if (instruction instanceof Instruction.ConvTranspose conv) {
      return products(conv.weight(), conv.m().shape());
    } else if (instruction instanceof Instruction.Unary unary && isSlow(unary.op())) {
      return SLOW_FUNCTION * unary.out().shape().size();
    } else if (instruction instanceof Instruction.MaxPool pool) {
      return visits(pool.x().shape(), pool.out().shape(), pool.geometry());
    } else if (instruction instanceof Instruction.MaxSelect select) {
      return visits(select.selector().shape(), select.out().shape(), select.geometry());
    } else if (instruction instanceof Instruction.MaxUnpool unpool) {
      return visits(unpool.out().shape(), unpool.amount().shape(), unpool.geometry());
    }
    return 0;
  }

  private static double visits(Shape cells, Shape windows, PoolGeometry geometry) {
    double taps = 1;
    for (int length : geometry.kernel()) {
      taps *= length;
    }
    return Tiling.of(cells, geometry) == null ? CELL * taps * windows.size() : 0;
  }

  private static double products(Tensor weight, Shape result) {
    return (double) weight.size() * result.size() / result.dim(0);
  }
}
