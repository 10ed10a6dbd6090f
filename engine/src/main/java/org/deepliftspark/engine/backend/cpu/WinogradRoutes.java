package org.deepliftspark.engine.backend.cpu;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * Which values of a program may come from {@link WinogradConv}. Its results at equal windows differ
 * in their last digits, as others' do not. That is nothing where numbers are added up; but equal
 * numbers must stay equal where the first largest of them is looked for, and differences of zero
 * must stay zero where a slope divides by them, unless the function is piecewise linear.
 */
final class WinogradRoutes {
  private final Set<Integer> compared = new HashSet<>();
  private final boolean piecewiseLinear;

  WinogradRoutes(Program program) {
    List<Instruction> instructions = program.instructions();
    this.piecewiseLinear = instructions.stream().noneMatch(WinogradRoutes::isSmoothOverPositions);
    for (int i = instructions.size() - 1; i >= 0; i--) {
      Instruction instruction = instructions.get(i);
      compare(program, instruction);
      if (compared.contains(instruction.out().id())) {
        instruction.operands().forEach(this::add);
      }
    }
  }

  boolean allow(Value result) {
    return piecewiseLinear && !compared.contains(result.id());
  }

  private void add(Value value) {
    compared.add(value.id());
  }

  private void compare(Program program, Instruction instruction) {
    if (instruction instanceof Instruction.MaxPool pool) {
      add(pool.x());
    } else if (instruction instanceof Instruction.MaxSelect select) {
      add(select.selector());
    } else if (instruction instanceof Instruction.MaxUnpool unpool) {
      add(unpool.selector());
    } else if (instruction instanceof Instruction.Reduce reduce) {
      if (reduce.reduction() == Op.Reduction.MAX) {
        add(reduce.x());
      }
    } else if (instruction instanceof Instruction.Binary binary && isComparison(binary.op())) {
      boolean number =
          program.definition(binary.a()) instanceof Instruction.Scalar
              || program.definition(binary.b()) instanceof Instruction.Scalar;
      if (!number) {
        add(binary.a());
        add(binary.b());
      }
    }
  }

  private static boolean isComparison(BinaryOp op) {
    return op == BinaryOp.EQUAL || op == BinaryOp.LESS;
  }

  private static boolean isSmoothOverPositions(Instruction instruction) {
    return instruction instanceof Instruction.Unary unary
        && unary.out().shape().rank() > 1
        && isSmooth(unary.op());
  }

  private static boolean isSmooth(UnaryOp op) {
    return switch (op) {
      case NEGATE, ABS, SIGN, RELU -> false;
      default -> true;
    };
  }
}
