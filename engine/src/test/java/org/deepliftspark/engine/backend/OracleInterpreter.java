package org.deepliftspark.engine.backend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.Value;

/**
 * The judge of all backends: evaluates a program in double, one instruction and one index of its
 * extent at a time, with plain loops. Slow and obvious; it shares no code with any backend. Safe
 * for many threads.
 */
public final class OracleInterpreter {
  private final Program program;

  public OracleInterpreter(Program program) {
    this.program = program;
  }

  /**
   * Computes the program's outputs.
   *
   * @return by output name, {@code [axes of the extent..., shape...]}, double
   */
  public Map<String, Numbers> run(Batch batch) {
    List<double[][]> values = evaluate(batch);
    Map<String, Numbers> outputs = new LinkedHashMap<>();
    for (Program.Output output : program.outputs()) {
      outputs.put(
          output.name(),
          Numbers.of(joined(values.get(output.value().id()), output.value().shape().size())));
    }
    return outputs;
  }

  /** Every value of the program: by id, by index in its extent, the elements of its shape. */
  public List<double[][]> evaluate(Batch batch) {
    List<double[][]> values = new ArrayList<>();
    for (Instruction instruction : program.instructions()) {
      Value out = instruction.out();
      double[][] elements = new double[program.sizes().of(out.extent(), batch.rows())][];
      for (int index = 0; index < elements.length; index++) {
        elements[index] = evaluate(instruction, index, values, batch);
        if (elements[index].length != out.shape().size()) {
          throw new IllegalStateException(
              instruction.getClass().getSimpleName()
                  + " "
                  + out
                  + " has "
                  + elements[index].length
                  + " elements, its shape is "
                  + out.shape());
        }
      }
      values.add(elements);
    }
    return values;
  }

  private double[] evaluate(
      Instruction instruction, int index, List<double[][]> values, Batch batch) {
    Value out = instruction.out();
    if (instruction instanceof Instruction.Feed feed) {
      List<float[]> arrays =
          feed.role() == Instruction.Role.INPUT ? batch.inputs() : batch.references();
      return element(arrays.get(feed.input()), index, out.shape().size());
    } else if (instruction instanceof Instruction.Constant constant) {
      return element(constant.data().data(), index, out.shape().size());
    } else if (instruction instanceof Instruction.Scalar scalar) {
      return new double[] {scalar.number()};
    }
    List<double[]> operands = new ArrayList<>();
    for (Value operand : instruction.operands()) {
      int position = indexIn(operand.extent(), out.extent(), index, program.sizes(), batch.rows());
      operands.add(values.get(operand.id())[position]);
    }
    return OracleKernels.apply(instruction, operands);
  }

  /**
   * Index in a smaller extent of index {@code index} of a larger one: the axes that the smaller one
   * lacks are dropped.
   */
  static int indexIn(Extent smaller, Extent larger, int index, Sizes sizes, int rows) {
    int result = 0;
    int stride = 1;
    List<Axis> axes = larger.axes();
    for (int i = axes.size() - 1; i >= 0; i--) {
      int length = sizes.of(axes.get(i), rows);
      if (smaller.has(axes.get(i))) {
        result += index % length * stride;
        stride *= length;
      }
      index /= length;
    }
    return result;
  }

  private static double[] element(float[] array, int index, int size) {
    double[] element = new double[size];
    for (int i = 0; i < size; i++) {
      element[i] = array[index * size + i];
    }
    return element;
  }

  private static double[] joined(double[][] elements, int size) {
    double[] joined = new double[elements.length * size];
    for (int index = 0; index < elements.length; index++) {
      System.arraycopy(elements[index], 0, joined, index * size, size);
    }
    return joined;
  }
}
