package org.deepliftspark.engine.backend.nd4j;

import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A program on ND4J: the weights, and the values that do not depend on rows, computed once. These
 * are only read after construction, so that many threads can share them.
 */
final class Nd4jExecutable implements Executable {
  private static final int MAX_ROWS = 64;
  private static final long DEFAULT_MEMORY_BYTES = 64L << 20;

  private final Program program;
  private final DataType type;
  private final Plan plan;
  private final Kernel[] kernels;
  private final Scope weights;
  private final Values shared;
  private final int preferredRows;
  private volatile boolean closed;

  Nd4jExecutable(Program program, DataType type, long memoryBytes) {
    this.program = program;
    this.type = type;
    this.plan = new Plan(program);
    this.kernels = new Kernel[program.instructions().size()];
    this.weights = new Scope(type);
    this.shared = new Values(kernels.length);
    long budget = memoryBytes > 0 ? memoryBytes : DEFAULT_MEMORY_BYTES;
    this.preferredRows =
        (int) Math.max(1, Math.min(MAX_ROWS, budget / plan.bytesPerRow(type.width())));
    try {
      compile();
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  private void compile() {
    for (Instruction instruction : program.instructions()) {
      if (computed(instruction)) {
        kernels[instruction.out().id()] = Kernels.of(instruction, weights);
      }
    }
    Layout layout = new Layout(program.sizes(), 1);
    for (Instruction instruction : program.instructions()) {
      if (Plan.oncePerProgram(instruction.out())) {
        evaluate(instruction, layout, null, shared);
      }
    }
  }

  private static boolean computed(Instruction instruction) {
    return !(instruction instanceof Instruction.Feed
        || instruction instanceof Instruction.Constant
        || instruction instanceof Instruction.Scalar
        || instruction instanceof Instruction.Reshape);
  }

  /** Computes what depends on rows; the caller closes the result. */
  Values run(Batch batch) {
    if (closed) {
      throw new IllegalStateException("The executable is closed");
    }
    Layout layout = new Layout(program.sizes(), batch.rows());
    Values values = new Values(kernels.length);
    try {
      for (Instruction instruction : program.instructions()) {
        if (!Plan.oncePerProgram(instruction.out())) {
          evaluate(instruction, layout, batch, values);
        }
      }
      return values;
    } catch (RuntimeException | Error failure) {
      values.close();
      throw failure;
    }
  }

  /** The array of a value, be it of this batch or shared by all. */
  INDArray array(Value value, Values values) {
    INDArray array = values.array(value.id());
    return array != null ? array : shared.array(value.id());
  }

  private void evaluate(Instruction instruction, Layout layout, Batch batch, Values values) {
    Value out = instruction.out();
    long[] dims = layout.dims(out);
    try (Scope scope = new Scope(type)) {
      if (instruction instanceof Instruction.Reshape reshape) {
        values.alias(out.id(), array(reshape.x(), values), dims);
      } else {
        values.put(out.id(), scope.keep(result(instruction, layout, batch, values, scope)), dims);
      }
    }
    for (int dead : plan.deadAfter(out.id())) {
      values.free(dead);
    }
  }

  private INDArray result(
      Instruction instruction, Layout layout, Batch batch, Values values, Scope scope) {
    long[] dims = layout.dims(instruction.out());
    if (instruction instanceof Instruction.Feed feed) {
      return scope.of(fed(feed, layout, batch), dims);
    } else if (instruction instanceof Instruction.Constant constant) {
      return scope.of(constant.data().data(), dims);
    } else if (instruction instanceof Instruction.Scalar scalar) {
      return scope.filled(scalar.number(), dims);
    }
    INDArray[] operands =
        instruction.operands().stream()
            .map(operand -> array(operand, values))
            .toArray(INDArray[]::new);
    return kernels[instruction.out().id()].run(operands, layout, scope);
  }

  private static float[] fed(Instruction.Feed feed, Layout layout, Batch batch) {
    boolean input = feed.role() == Instruction.Role.INPUT;
    List<float[]> arrays = input ? batch.inputs() : batch.references();
    float[] numbers = feed.input() < arrays.size() ? arrays.get(feed.input()) : null;
    long expected = layout.count(feed.out().extent()) * feed.out().shape().size();
    if (numbers == null || numbers.length != expected) {
      throw new InvalidInputException(
          "Invalid batch of "
              + batch.rows()
              + (batch.rows() == 1 ? " row: " : " rows: ")
              + (input ? "input " : "references of input ")
              + feed.input()
              + (numbers == null ? " missing" : " has " + numbers.length + " numbers")
              + ", expected "
              + expected);
    }
    return numbers;
  }

  Program program() {
    return program;
  }

  DataType type() {
    return type;
  }

  int preferredRows() {
    return preferredRows;
  }

  @Override
  public Workspace newWorkspace() {
    return new Nd4jWorkspace(this);
  }

  @Override
  public String description() {
    return Nd4jRuntime.description() + ", " + (type == DataType.DOUBLE ? "float64" : "float32");
  }

  @Override
  public synchronized void close() {
    closed = true;
    shared.close();
    weights.close();
  }
}
