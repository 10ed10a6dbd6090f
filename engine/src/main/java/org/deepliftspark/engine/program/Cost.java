package org.deepliftspark.engine.program;

import org.deepliftspark.engine.graph.Shape;

/**
 * What a program needs, counted from its instructions.
 *
 * @param flopsPerRow multiplications and additions per row, all references and targets included;
 *     work shared by all rows is left out
 * @param bytesPerRow size of all values of a row in float, with all references and targets, as if
 *     none shared memory
 * @param sharedFlops work done once per job
 */
public record Cost(double flopsPerRow, double bytesPerRow, double sharedFlops) {

  public static Cost of(Program program) {
    double perRow = 0;
    double bytes = 0;
    double shared = 0;
    for (Instruction instruction : program.instructions()) {
      Value out = instruction.out();
      double count = program.sizes().of(out.extent(), 1);
      double flops = count * flops(instruction);
      if (out.extent().has(Axis.ROW)) {
        perRow += flops;
        bytes += count * out.shape().size() * Float.BYTES;
      } else {
        shared += flops;
      }
    }
    return new Cost(perRow, bytes, shared);
  }

  /**
   * Work of one element of the extent: products of matrices and with weights count 2 per
   * multiplication, other instructions 1 per element.
   */
  private static double flops(Instruction instruction) {
    double size = instruction.out().shape().size();
    if (instruction instanceof Instruction.Dense dense) {
      return 2 * size * dense.x().shape().dim(-1);
    } else if (instruction instanceof Instruction.MatMul product) {
      return 2 * size * product.a().shape().dim(-1);
    } else if (instruction instanceof Instruction.Conv conv) {
      return 2 * size * taps(conv.weight().shape());
    } else if (instruction instanceof Instruction.ConvTranspose conv) {
      return 2.0 * conv.m().shape().size() * taps(conv.weight().shape());
    } else if (instruction instanceof Instruction.Feed
        || instruction instanceof Instruction.Constant
        || instruction instanceof Instruction.Scalar
        || instruction instanceof Instruction.Reshape
        || instruction instanceof Instruction.Transpose
        || instruction instanceof Instruction.Concat
        || instruction instanceof Instruction.Slice
        || instruction instanceof Instruction.Unslice
        || instruction instanceof Instruction.Expand
        || instruction instanceof Instruction.Pad) {
      return 0;
    } else if (instruction instanceof Instruction.Reduce reduce) {
      return reduce.x().shape().size();
    }
    return size;
  }

  private static double taps(Shape weight) {
    return (double) weight.size() / weight.dim(0);
  }
}
