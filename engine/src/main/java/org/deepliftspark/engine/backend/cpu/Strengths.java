package org.deepliftspark.engine.backend.cpu;

import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.UnaryOp;

/**
 * Which programs run faster here than on ONNX Runtime: sequence networks whose work lies in
 * convolutions along a line, which become products of matrices without anything gathered, and in
 * simple functions between them. See docs/decisions/0014.
 */
final class Strengths {
  /** Share of the work with weights that must lie in such convolutions. */
  private static final double SHARE = 0.5;

  /** Of wide layers ONNX Runtime's products are faster: measured at 64 and at 512 channels. */
  private static final int MOST_CHANNELS = 128;

  /** Numbers for which a slow function does not matter. */
  private static final int FEW = 1024;

  private Strengths() {}

  static boolean has(Program program) {
    double strong = 0;
    double all = 0;
    for (Instruction instruction : program.instructions()) {
      if (isWeak(instruction)) {
        return false;
      }
      double work = work(instruction);
      all += work;
      strong += isStrong(instruction) ? work : 0;
    }
    return strong > 0 && strong >= SHARE * all;
  }

  /** What ONNX Runtime does better. */
  private static boolean isWeak(Instruction instruction) {
    if (instruction instanceof Instruction.Conv conv) {
      return !isLine(conv.geometry());
    } else if (instruction instanceof Instruction.ConvTranspose conv) {
      return !isLine(conv.geometry());
    } else if (instruction instanceof Instruction.Unary unary) {
      return isSlow(unary.op()) && unary.out().shape().size() > FEW;
    }
    return instruction instanceof Instruction.MaxPool
        || instruction instanceof Instruction.MaxSelect
        || instruction instanceof Instruction.MaxUnpool
        || instruction instanceof Instruction.MatMul;
  }

  private static boolean isLine(ConvGeometry geometry) {
    return geometry.spatialAxes() == 1 && geometry.strides()[0] == 1 && geometry.groups() == 1;
  }

  private static boolean isSlow(UnaryOp op) {
    return switch (op) {
      case NEGATE, ABS, SIGN, RELU, SQRT -> false;
      default -> true;
    };
  }

  private static boolean isStrong(Instruction instruction) {
    if (instruction instanceof Instruction.Conv conv) {
      return isStrong(conv.weight());
    }
    return instruction instanceof Instruction.ConvTranspose conv && isStrong(conv.weight());
  }

  private static boolean isStrong(Tensor weight) {
    int widest = Math.max(weight.shape().dim(0), weight.shape().dim(1));
    return Convolutions.isShifted(weight) && widest <= MOST_CHANNELS;
  }

  /** Multiplications with weights for one element of the extent. */
  private static double work(Instruction instruction) {
    if (instruction instanceof Instruction.Dense dense) {
      return (double) dense.out().shape().size() * dense.x().shape().dim(-1);
    } else if (instruction instanceof Instruction.Conv conv) {
      return products(conv.weight(), conv.out().shape());
    } else if (instruction instanceof Instruction.ConvTranspose conv) {
      return products(conv.weight(), conv.m().shape());
    }
    return 0;
  }

  private static double products(Tensor weight, Shape result) {
    return (double) weight.size() * result.size() / result.dim(0);
  }
}
