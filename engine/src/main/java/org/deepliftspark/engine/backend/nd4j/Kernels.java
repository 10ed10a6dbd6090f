package org.deepliftspark.engine.backend.nd4j;

import org.deepliftspark.engine.program.Instruction;

/** Which kernel computes an instruction. */
final class Kernels {
  private Kernels() {}

  /**
   * @param weights owns what the kernel keeps between runs
   */
  static Kernel of(Instruction instruction, Scope weights) {
    if (instruction instanceof Instruction.Unary unary) {
      return ElementWise.unary(unary);
    } else if (instruction instanceof Instruction.Binary binary) {
      return ElementWise.binary(binary);
    } else if (instruction instanceof Instruction.Select select) {
      return ElementWise.select(select);
    } else if (instruction instanceof Instruction.Dense dense) {
      return Products.dense(dense, weights);
    } else if (instruction instanceof Instruction.MatMul product) {
      return MatrixProducts.matMul(product);
    } else if (instruction instanceof Instruction.Conv conv) {
      return Products.conv(conv, weights);
    } else if (instruction instanceof Instruction.ConvTranspose adjoint) {
      return Products.convTranspose(adjoint, weights);
    } else if (instruction instanceof Instruction.Reduce reduce) {
      return Reductions.reduce(reduce);
    } else if (instruction instanceof Instruction.Softmax softmax) {
      return Reductions.softmax(softmax);
    }
    return pooling(instruction, weights);
  }

  private static Kernel pooling(Instruction instruction, Scope weights) {
    if (instruction instanceof Instruction.MaxPool pool) {
      return Pools.maxPool(pool);
    } else if (instruction instanceof Instruction.MaxSelect select) {
      return Pools.maxSelect(select);
    } else if (instruction instanceof Instruction.MaxUnpool unpool) {
      return Pools.maxUnpool(unpool);
    } else if (instruction instanceof Instruction.AveragePool pool) {
      return Pools.averagePool(pool, weights);
    } else if (instruction instanceof Instruction.AverageUnpool unpool) {
      return Pools.averageUnpool(unpool, weights);
    }
    return moving(instruction);
  }

  private static Kernel moving(Instruction instruction) {
    if (instruction instanceof Instruction.Expand expand) {
      return Moves.expand(expand);
    } else if (instruction instanceof Instruction.Transpose transpose) {
      return Moves.transpose(transpose);
    } else if (instruction instanceof Instruction.Concat concat) {
      return Moves.concat(concat);
    } else if (instruction instanceof Instruction.Slice slice) {
      return Moves.slice(slice);
    } else if (instruction instanceof Instruction.Unslice unslice) {
      return Moves.unslice(unslice);
    } else if (instruction instanceof Instruction.Pad pad) {
      return Moves.pad(pad);
    }
    throw new IllegalStateException("The nd4j backend has no kernel for " + instruction);
  }
}
