package org.deepliftspark.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;

/** Makes operands of any extent and shape, and batches of random rows for those that are fed. */
final class ConformanceOperands {
  static final Extent NONE = Extent.NONE;
  static final Extent TARGET = Extent.of(Axis.TARGET);
  static final Extent SAMPLE = Extent.of(Axis.SAMPLE);
  static final Extent REFERENCE = Extent.of(Axis.REFERENCE);
  static final Extent ROW = Extent.of(Axis.ROW);
  static final Extent PAIR = Extent.of(Axis.ROW, Axis.REFERENCE);
  static final Extent ALL = Extent.of(Axis.values());

  private final Sizes sizes;
  private final Draw draw;
  private final SplittableRandom random;
  private final ProgramBuilder builder = new ProgramBuilder();
  private int feeds;

  ConformanceOperands(Sizes sizes, Draw draw, long seed) {
    this.sizes = sizes;
    this.draw = draw;
    this.random = new SplittableRandom(seed);
  }

  ProgramBuilder builder() {
    return builder;
  }

  Program program() {
    return builder.build(sizes);
  }

  /** A new operand: fed if it varies over rows, otherwise constant. */
  Value of(Extent extent, int... dims) {
    Shape shape = Shape.of(dims);
    if (!extent.has(Axis.ROW)) {
      return constant(extent, shape);
    }
    Role role = extent.has(Axis.REFERENCE) ? Role.REFERENCE : Role.INPUT;
    Extent fed = role == Role.REFERENCE ? PAIR : ROW;
    Value value = builder.feed(role, feeds++, fed, shape);
    for (Axis axis : List.of(Axis.TARGET, Axis.SAMPLE)) {
      if (extent.has(axis)) {
        value = builder.add(value, constant(Extent.of(axis), shape));
      }
    }
    return value;
  }

  Value row(int... dims) {
    return of(ROW, dims);
  }

  Value pair(int... dims) {
    return of(PAIR, dims);
  }

  private Value constant(Extent extent, Shape shape) {
    float[] numbers = numbers(sizes.of(extent, 0) * shape.size(), random, draw);
    int[] dims = new int[extent.axes().size() + shape.rank()];
    for (int i = 0; i < dims.length; i++) {
      int axes = extent.axes().size();
      dims[i] = i < axes ? sizes.of(extent.axes().get(i), 0) : shape.dim(i - axes);
    }
    return builder.constant(Tensor.of(numbers, dims), extent, shape);
  }

  /** Weights, between -1 and 1 whatever the operands are. */
  Tensor weights(int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(numbers(shape.size(), random, Draw.UNIFORM), shape);
  }

  /** A batch for the program; batches of more rows begin with the rows of smaller ones. */
  Batch batch(int rows, long seed) {
    List<float[]> inputs = new ArrayList<>();
    List<float[]> references = new ArrayList<>();
    for (Instruction.Feed feed : program().feeds()) {
      int count = sizes.of(feed.out().extent(), rows) * feed.out().shape().size();
      float[] numbers = numbers(count, new SplittableRandom(seed + feed.input()), draw);
      inputs.add(feed.role() == Role.INPUT ? numbers : null);
      references.add(feed.role() == Role.INPUT ? null : numbers);
    }
    return new Batch(rows, inputs, references);
  }

  private static float[] numbers(int count, SplittableRandom random, Draw draw) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = draw.number(random);
    }
    return numbers;
  }
}
