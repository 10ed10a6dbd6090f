package org.deepliftspark.engine.backend.nd4j;

import java.util.List;
import java.util.stream.IntStream;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/** When each value of a program is computed and when its memory can go. */
final class Plan {
  private static final int NEVER = Integer.MAX_VALUE;

  private final Program program;

  /** Per value, the value whose memory it shares: itself but for reshapes. */
  private final int[] roots;

  private final int[] lastUses;
  private final int[][] deadAfter;

  Plan(Program program) {
    this.program = program;
    List<Instruction> instructions = program.instructions();
    this.roots = new int[instructions.size()];
    this.lastUses = new int[instructions.size()];
    for (int i = 0; i < roots.length; i++) {
      Instruction instruction = instructions.get(i);
      roots[i] = instruction instanceof Instruction.Reshape reshape ? roots[reshape.x().id()] : i;
      lastUses[i] = i;
      for (Value operand : instruction.operands()) {
        // what every batch needs stays from one batch to the next
        boolean kept = oncePerProgram(operand) && !oncePerProgram(instruction.out());
        extend(operand.id(), kept ? NEVER : i);
      }
    }
    program.outputs().forEach(output -> extend(output.value().id(), NEVER));
    this.deadAfter = instructions.stream().map(this::findDeadAfter).toArray(int[][]::new);
  }

  private void extend(int value, int use) {
    lastUses[roots[value]] = Math.max(lastUses[roots[value]], use);
  }

  /** True for values without the row axis: constants, and what follows from them. */
  static boolean oncePerProgram(Value value) {
    return !value.extent().has(Axis.ROW);
  }

  /** Values whose memory can go once instruction {@code id} is done. */
  int[] deadAfter(int id) {
    return deadAfter[id];
  }

  private int[] findDeadAfter(Instruction instruction) {
    int id = instruction.out().id();
    IntStream used = instruction.operands().stream().mapToInt(Value::id);
    return IntStream.concat(used, IntStream.of(id))
        .map(value -> roots[value])
        .distinct()
        .filter(root -> lastUses[root] == id)
        .toArray();
  }

  /** Estimate of the memory that a batch takes per row at its fullest moment. */
  long bytesPerRow(int bytesPerNumber) {
    Layout layout = new Layout(program.sizes(), 1);
    long live = 0;
    long peak = 1;
    for (Instruction instruction : program.instructions()) {
      Value out = instruction.out();
      if (oncePerProgram(out)) {
        continue;
      }
      long largest = numbers(out, layout);
      if (roots[out.id()] == out.id()) {
        live += largest;
      }
      for (Value operand : instruction.operands()) {
        largest = Math.max(largest, numbers(operand, layout));
      }
      peak = Math.max(peak, live + 3 * largest); // kernels pad, gather and transpose
      for (int root : deadAfter(out.id())) {
        Value dead = program.instructions().get(root).out();
        live -= oncePerProgram(dead) ? 0 : numbers(dead, layout);
      }
    }
    return peak * bytesPerNumber;
  }

  private static long numbers(Value value, Layout layout) {
    return layout.count(value.extent()) * value.shape().size();
  }
}
