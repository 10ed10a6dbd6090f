package org.deepliftspark.engine.program;

import java.util.List;

/** Copies instructions with other operands; passes use it. */
final class Renaming {
  private final Value[] renamed;

  Renaming(int size) {
    this.renamed = new Value[size];
  }

  Value of(Value old) {
    return renamed[old.id()];
  }

  /**
   * Copies an instruction whose operands have been renamed before; its value gets the number {@code
   * id}.
   */
  Instruction rename(Instruction old, int id) {
    Value out = new Value(id, old.out().extent(), old.out().shape(), old.out().label());
    renamed[old.out().id()] = out;
    List<Value> in = old.operands().stream().map(this::of).toList();
    return copy(old, out, in);
  }

  private static Instruction copy(Instruction old, Value out, List<Value> in) {
    if (old instanceof Instruction.Feed i) {
      return new Instruction.Feed(out, i.role(), i.input());
    } else if (old instanceof Instruction.Constant i) {
      return new Instruction.Constant(out, i.data());
    } else if (old instanceof Instruction.Scalar i) {
      return new Instruction.Scalar(out, i.number());
    } else if (old instanceof Instruction.Concat i) {
      return new Instruction.Concat(out, in, i.axis());
    } else if (old instanceof Instruction.Binary i) {
      return new Instruction.Binary(out, i.op(), in.get(0), in.get(1));
    } else if (old instanceof Instruction.Select) {
      return new Instruction.Select(out, in.get(0), in.get(1), in.get(2));
    } else if (old instanceof Instruction.MaxSelect i) {
      return new Instruction.MaxSelect(out, in.get(0), in.get(1), i.geometry());
    } else if (old instanceof Instruction.MaxUnpool i) {
      return new Instruction.MaxUnpool(out, in.get(0), in.get(1), i.geometry());
    }
    return copyOfOne(old, out, in.get(0));
  }

  private static Instruction copyOfOne(Instruction old, Value out, Value x) {
    if (old instanceof Instruction.Unary i) {
      return new Instruction.Unary(out, i.op(), x);
    } else if (old instanceof Instruction.Dense i) {
      return new Instruction.Dense(out, x, i.weight(), i.transposed(), i.bias());
    } else if (old instanceof Instruction.Conv i) {
      return new Instruction.Conv(out, x, i.weight(), i.bias(), i.geometry());
    } else if (old instanceof Instruction.ConvTranspose i) {
      return new Instruction.ConvTranspose(out, x, i.weight(), i.geometry());
    } else if (old instanceof Instruction.MaxPool i) {
      return new Instruction.MaxPool(out, x, i.geometry());
    } else if (old instanceof Instruction.AveragePool i) {
      return new Instruction.AveragePool(out, x, i.geometry(), i.countPadding());
    } else if (old instanceof Instruction.AverageUnpool i) {
      return new Instruction.AverageUnpool(out, x, i.geometry(), i.countPadding());
    } else if (old instanceof Instruction.Reduce i) {
      return new Instruction.Reduce(out, i.reduction(), x, i.axes());
    } else if (old instanceof Instruction.Expand) {
      return new Instruction.Expand(out, x);
    } else if (old instanceof Instruction.Reshape) {
      return new Instruction.Reshape(out, x);
    } else if (old instanceof Instruction.Transpose i) {
      return new Instruction.Transpose(out, x, i.permutation());
    } else if (old instanceof Instruction.Slice i) {
      return new Instruction.Slice(out, x, i.starts(), i.steps());
    } else if (old instanceof Instruction.Unslice i) {
      return new Instruction.Unslice(out, x, i.starts(), i.steps());
    } else if (old instanceof Instruction.Pad i) {
      return new Instruction.Pad(out, x, i.begin(), i.end(), i.value());
    } else if (old instanceof Instruction.Softmax i) {
      return new Instruction.Softmax(out, x, i.axis());
    }
    throw new IllegalStateException("No way to copy " + old.getClass().getSimpleName());
  }
}
