package org.deepliftspark.engine.program;

import java.util.List;

/**
 * A straight line of primitive tensor instructions that computes predictions, multipliers,
 * contributions. Plain data: it knows no machine, and nothing in it is native.
 *
 * @param instructions in order of execution; the value of instruction {@code i} has id {@code i}
 * @param outputs what the caller gets
 * @param sizes lengths of the axes other than {@link Axis#ROW}, which every batch brings with it
 */
public record Program(List<Instruction> instructions, List<Output> outputs, Sizes sizes) {

  public Program {
    instructions = List.copyOf(instructions);
    outputs = List.copyOf(outputs);
  }

  /**
   * @param name unique, such as {@code contributions:0}
   * @param value what is given out, {@code [axes of its extent..., shape...]}
   */
  public record Output(String name, Value value) {}

  public record Sizes(int targets, int samples, int references) {
    /** Length of an axis in a batch of {@code rows}. */
    public int of(Axis axis, int rows) {
      return switch (axis) {
        case TARGET -> targets;
        case SAMPLE -> samples;
        case ROW -> rows;
        case REFERENCE -> references;
      };
    }

    /** Product of the lengths of an extent's axes. */
    public int of(Extent extent, int rows) {
      int count = 1;
      for (Axis axis : extent.axes()) {
        count *= of(axis, rows);
      }
      return count;
    }
  }

  public Instruction definition(Value value) {
    return instructions.get(value.id());
  }

  /** The feeds, in order. */
  public List<Instruction.Feed> feeds() {
    return instructions.stream()
        .filter(Instruction.Feed.class::isInstance)
        .map(Instruction.Feed.class::cast)
        .toList();
  }
}
