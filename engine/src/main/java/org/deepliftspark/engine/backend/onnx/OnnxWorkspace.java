package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/** Cuts a batch into calls of the session, and puts their outputs where they belong. */
final class OnnxWorkspace implements Workspace {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Program program;
  private final LeadLayout layout;
  private final CallSize callSize;
  private final Map<Integer, CallBuffers> buffers = new HashMap<>();

  OnnxWorkspace(
      OrtEnvironment environment,
      OrtSession session,
      Program program,
      LeadLayout layout,
      CallSize callSize) {
    this.environment = environment;
    this.session = session;
    this.program = program;
    this.layout = layout;
    this.callSize = callSize;
  }

  @Override
  public int preferredRows() {
    return callSize.rows();
  }

  @Override
  public Map<String, Numbers> run(Batch batch) {
    Map<String, float[]> results = new LinkedHashMap<>();
    for (Program.Output output : program.outputs()) {
      int count = program.sizes().of(output.value().extent(), batch.rows());
      results.put(output.name(), new float[count * output.value().shape().size()]);
    }
    try {
      if (layout.rowByRow()) {
        rowByRow(batch, results);
      } else {
        for (int row = 0; row < batch.rows(); row += callSize.rows()) {
          call(batch, row, Math.min(callSize.rows(), batch.rows() - row), 0, results);
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
    Map<String, Numbers> numbers = new LinkedHashMap<>();
    results.forEach((name, array) -> numbers.put(name, Numbers.of(array)));
    return numbers;
  }

  private void rowByRow(Batch batch, Map<String, float[]> results) throws OrtException {
    int references = program.sizes().references();
    for (int row = 0; row < batch.rows(); row++) {
      for (int reference = 0; reference < references; reference += callSize.references()) {
        call(
            batch,
            row,
            Math.min(callSize.references(), references - reference),
            reference,
            results);
      }
    }
  }

  /**
   * Computes {@code count} rows from {@code row}, or {@code count} references of one row from
   * {@code reference}.
   */
  private void call(Batch batch, int row, int count, int reference, Map<String, float[]> results)
      throws OrtException {
    CallBuffers call = buffers.get(count);
    if (call == null) {
      call = new CallBuffers(environment, program, layout, count);
      buffers.put(count, call);
    }
    for (Instruction.Feed feed : program.feeds()) {
      boolean isInput = feed.role() == Instruction.Role.INPUT;
      float[] array = (isInput ? batch.inputs() : batch.references()).get(feed.input());
      int size = feed.out().shape().size();
      call.put(
          feed,
          array,
          firstElement(feed.out().extent(), row, reference) * size,
          elements(feed.out().extent(), count) * size);
    }
    call.run(session);
    for (Program.Output output : program.outputs()) {
      if (reference == 0 || output.value().extent().has(Axis.REFERENCE)) {
        place(call, output, batch.rows(), row, count, reference, results.get(output.name()));
      }
    }
  }

  /** Position of the first element that a call reads, in elements of the feed's extent. */
  private int firstElement(Extent extent, int row, int reference) {
    return extent.has(Axis.REFERENCE) ? row * program.sizes().references() + reference : row;
  }

  /** How many elements of a feed's extent a call reads. */
  private int elements(Extent extent, int count) {
    return layout.rowByRow() && !extent.has(Axis.REFERENCE) ? 1 : count;
  }

  private void place(
      CallBuffers call,
      Program.Output output,
      int rows,
      int row,
      int count,
      int reference,
      float[] result) {
    Extent extent = output.value().extent();
    int size = output.value().shape().size();
    int outer =
        (extent.has(Axis.TARGET) ? program.sizes().targets() : 1)
            * (extent.has(Axis.SAMPLE) ? program.sizes().samples() : 1);
    int inner =
        (extent.has(Axis.ROW) ? rows : 1)
            * (extent.has(Axis.REFERENCE) ? program.sizes().references() : 1);
    int first = extent.has(Axis.ROW) ? firstElement(extent, row, reference) : reference;
    Axis counted = layout.axes().get(layout.axes().size() - 1);
    int copied = extent.has(counted) ? count : 1;
    for (int i = 0; i < outer; i++) {
      call.get(output.name(), i * copied * size, result, (i * inner + first) * size, copied * size);
    }
  }

  @Override
  public void close() {
    buffers.values().forEach(CallBuffers::close);
    buffers.clear();
  }
}
