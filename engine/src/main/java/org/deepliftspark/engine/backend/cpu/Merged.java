package org.deepliftspark.engine.backend.cpu;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * Instructions that are computed together with the only one that reads them, which takes fewer
 * visits of a tile: the slope of ReLU, and what goes back through a pool and is multiplied then.
 */
final class Merged {
  private final Program program;
  private final LayoutChoice choice;
  private final Set<Integer> absorbed = new HashSet<>();
  private final Map<Integer, List<Value>> shares = new HashMap<>();
  private final Map<Integer, Instruction.MaxUnpool> unpools = new HashMap<>();

  Merged(Program program, LayoutChoice choice) {
    this.program = program;
    this.choice = choice;
    for (Instruction instruction : program.instructions()) {
      if (instruction instanceof Instruction.Binary binary) {
        if (binary.op() == BinaryOp.DIVIDE) {
          findShare(binary);
        } else if (binary.op() == BinaryOp.MULTIPLY) {
          findUnpool(binary, binary.a(), binary.b());
          findUnpool(binary, binary.b(), binary.a());
        }
      }
    }
  }

  /** Whether nothing is to be computed for an instruction by itself. */
  boolean isAbsorbed(Instruction instruction) {
    return absorbed.contains(instruction.out().id());
  }

  /**
   * The values p, u, v and the number c of an instruction that is {@code p / (p - min(min(u, v),
   * c))}; null if it is none.
   */
  List<Value> share(Instruction.Binary instruction) {
    return shares.get(instruction.out().id());
  }

  /** The instruction whose result a multiplication scales; null if it is another operand. */
  Instruction.MaxUnpool unpool(Instruction.Binary instruction) {
    return unpools.get(instruction.out().id());
  }

  private void findShare(Instruction.Binary quotient) {
    Value p = quotient.a();
    Instruction.Binary sum = only(quotient.b(), BinaryOp.SUBTRACT, quotient);
    Instruction.Binary outer = sum == null ? null : only(sum.b(), BinaryOp.MINIMUM, sum);
    Instruction.Binary inner = outer == null ? null : only(outer.a(), BinaryOp.MINIMUM, outer);
    if (inner == null || sum.a().id() != p.id() || isNumber(p) || !isNumber(outer.b())) {
      return;
    }
    boolean equal = isAlike(inner.a(), p) && isAlike(inner.b(), p);
    if (equal && p.shape().equals(quotient.out().shape())) {
      shares.put(quotient.out().id(), List.of(p, inner.a(), inner.b(), outer.b()));
      List.of(sum, outer, inner).forEach(one -> absorbed.add(one.out().id()));
    }
  }

  /** The definition of a value that only one instruction reads, if it is that operation. */
  private Instruction.Binary only(Value value, BinaryOp op, Instruction reader) {
    return program.definition(value) instanceof Instruction.Binary binary
            && binary.op() == op
            && choice.onlyReader(value) == reader
        ? binary
        : null;
  }

  private boolean isAlike(Value value, Value other) {
    return !isNumber(value) && value.shape().equals(other.shape());
  }

  private boolean isNumber(Value value) {
    return program.definition(value) instanceof Instruction.Scalar;
  }

  private void findUnpool(Instruction.Binary product, Value value, Value factor) {
    if (program.definition(value) instanceof Instruction.MaxUnpool unpool
        && choice.onlyReader(value) == product
        && !unpools.containsKey(product.out().id())
        && value.id() != factor.id()
        && isAlike(factor, value)
        && Tiling.of(value.shape(), unpool.geometry()) != null) {
      unpools.put(product.out().id(), unpool);
      absorbed.add(value.id());
    }
  }
}
