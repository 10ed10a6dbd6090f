package org.deepliftspark.engine.program;

import java.util.List;

/** Writes instructions of one program into another with other operands; passes build on it. */
final class Rewriter {
  private final ProgramBuilder code;
  private final Value[] rewritten;

  Rewriter(Program program, ProgramBuilder code) {
    this.code = code;
    this.rewritten = new Value[program.instructions().size()];
  }

  /** The new value of an old one. */
  Value of(Value old) {
    return rewritten[old.id()];
  }

  List<Value> operands(Instruction old) {
    return old.operands().stream().map(this::of).toList();
  }

  void set(Value old, Value value) {
    rewritten[old.id()] = value;
  }

  /** Copies an instruction whose operands have been rewritten before. */
  void copy(Instruction old) {
    code.label(old.out().label());
    set(old.out(), again(old, operands(old)));
  }

  /** Writes an instruction like {@code old} over {@code in}; shapes follow from the operands. */
  private Value again(Instruction old, List<Value> in) {
    Value out = old.out();
    if (old instanceof Instruction.Feed i) {
      return code.feed(i.role(), i.input(), out.extent(), out.shape());
    } else if (old instanceof Instruction.Constant i) {
      return code.constant(i.data(), out.extent(), out.shape());
    } else if (old instanceof Instruction.Scalar i) {
      return code.scalar(i.number());
    } else if (old instanceof Instruction.Concat i) {
      return code.concat(in, i.axis());
    } else if (old instanceof Instruction.Binary i) {
      return code.binary(i.op(), in.get(0), in.get(1));
    } else if (old instanceof Instruction.Select) {
      return code.select(in.get(0), in.get(1), in.get(2));
    } else if (old instanceof Instruction.MatMul) {
      return code.matMul(in.get(0), in.get(1));
    } else if (old instanceof Instruction.MaxSelect i) {
      return code.maxSelect(in.get(0), in.get(1), i.geometry());
    } else if (old instanceof Instruction.MaxUnpool i) {
      return code.maxUnpool(in.get(0), in.get(1), i.geometry());
    }
    return againOfOne(old, in.get(0));
  }

  private Value againOfOne(Instruction old, Value x) {
    Value out = old.out();
    if (old instanceof Instruction.Unary i) {
      return code.unary(i.op(), x);
    } else if (old instanceof Instruction.Dense i) {
      return code.dense(x, i.weight(), i.transposed(), i.bias());
    } else if (old instanceof Instruction.Conv i) {
      return code.conv(x, i.weight(), i.bias(), i.geometry());
    } else if (old instanceof Instruction.ConvTranspose i) {
      return code.convTranspose(x, i.weight(), i.geometry(), out.shape());
    } else if (old instanceof Instruction.MaxPool i) {
      return code.maxPool(x, i.geometry());
    } else if (old instanceof Instruction.AveragePool i) {
      return code.averagePool(x, i.geometry(), i.countPadding());
    } else if (old instanceof Instruction.AverageUnpool i) {
      return code.averageUnpool(x, i.geometry(), i.countPadding(), out.shape());
    } else if (old instanceof Instruction.Reduce i) {
      return code.reduce(i.reduction(), x, i.axes());
    } else if (old instanceof Instruction.Expand) {
      return code.expand(x, out.shape());
    } else if (old instanceof Instruction.Reshape) {
      return code.reshape(x, out.shape());
    } else if (old instanceof Instruction.Transpose i) {
      return code.transpose(x, i.permutation());
    } else if (old instanceof Instruction.Slice i) {
      return code.slice(x, i.starts(), i.steps(), out.shape());
    } else if (old instanceof Instruction.Unslice i) {
      return code.unslice(x, i.starts(), i.steps(), out.shape());
    } else if (old instanceof Instruction.Pad i) {
      return code.pad(x, i.begin(), i.end(), i.value());
    } else if (old instanceof Instruction.Softmax i) {
      return code.softmax(x, i.axis());
    }
    throw new IllegalStateException("No way to copy " + old.getClass().getSimpleName());
  }
}
