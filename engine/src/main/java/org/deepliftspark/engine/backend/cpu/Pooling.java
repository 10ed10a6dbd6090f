package org.deepliftspark.engine.backend.cpu;

import java.util.List;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Value;

/** Lowers pools and their adjoints. */
final class Pooling {
  private Pooling() {}

  /** Null if the instruction is none. */
  static Cell lower(Lowering lowering, Instruction instruction) {
    Value out = instruction.out();
    if (instruction instanceof Instruction.MaxPool i) {
      Windows windows = Windows.of(i.x().shape(), out.shape(), i.geometry());
      return max(lowering, MaxKernel.Use.SELECT, i.x(), i.x(), out, windows);
    } else if (instruction instanceof Instruction.MaxSelect i) {
      Windows windows = Windows.of(i.selector().shape(), out.shape(), i.geometry());
      return max(lowering, MaxKernel.Use.SELECT, i.selector(), i.source(), out, windows);
    } else if (instruction instanceof Instruction.MaxUnpool i) {
      Windows windows = Windows.of(out.shape(), i.amount().shape(), i.geometry());
      return max(lowering, MaxKernel.Use.UNPOOL, i.selector(), i.amount(), out, windows);
    } else if (instruction instanceof Instruction.AveragePool i) {
      Windows windows = Windows.of(i.x().shape(), out.shape(), i.geometry());
      return average(lowering, i.x(), out, false, windows, i.countPadding());
    } else if (instruction instanceof Instruction.AverageUnpool i) {
      Windows windows = Windows.of(out.shape(), i.m().shape(), i.geometry());
      return average(lowering, i.m(), out, true, windows, i.countPadding());
    }
    return null;
  }

  private static Cell max(
      Lowering lowering,
      MaxKernel.Use use,
      Value selector,
      Value given,
      Value result,
      Windows windows) {
    Cell judged = channelsLast(lowering, selector);
    Cell source = channelsLast(lowering, given);
    Cell out = lowering.newCell(result, Layout.channelsLast(result.shape()));
    Kernel kernel = new MaxKernel(use, judged, source, out, result.shape().dim(0), windows);
    return lowering.add(Step.of(List.of(judged, source), out, kernel));
  }

  private static Cell average(
      Lowering lowering,
      Value value,
      Value result,
      boolean adjoint,
      Windows windows,
      boolean countPadding) {
    Cell x = channelsLast(lowering, value);
    Cell out = lowering.newCell(result, Layout.channelsLast(result.shape()));
    int channels = result.shape().dim(0);
    Kernel kernel = new AverageKernel(x, out, adjoint, channels, windows, countPadding);
    return lowering.add(Step.of(List.of(x), out, kernel));
  }

  static Cell channelsLast(Lowering lowering, Value value) {
    return lowering.as(value, Layout.channelsLast(value.shape()));
  }
}
